package import Domain

/// Images of one registry to which the same happened, and nothing else: they are gone, or judged no more for one reason, or
/// judged again.
package struct BulkImageChange: Hashable, Sendable {
    /// One of the images, by where it lies.
    package struct ChangedImage: Hashable, Sendable {
        package var repository: RepositoryName
        package var change: ImageChange

        /// Names the repository that the news itself does not.
        package init(repository: RepositoryName, change: ImageChange) {
            self.repository = repository
            self.change = change
        }
    }

    package var registry: Registry
    /// The account's name; nil where the organization has not told it yet.
    package var accountName: String?
    package var cause: ImageChange.Cause
    package var images: [ChangedImage]

    /// Gathers what happened to images of `registry`.
    package init(registry: Registry, accountName: String?, cause: ImageChange.Cause, images: [ChangedImage]) {
        self.registry = registry
        self.accountName = accountName
        self.cause = cause
        self.images = images
    }

    /// How many findings were last known in all of them.
    package var openFindings: [Severity: Int] {
        images.reduce(into: [:]) { $0.merge($1.change.openFindings, uniquingKeysWith: +) }
    }
}
