package import Domain

/// Many images of one registry with the same event and no other change.
///
/// They were removed, lost their coverage for the same reason, or were judged again.
package struct BulkImageChange: Hashable, Sendable {
    /// One of the images, with its repository.
    package struct ChangedImage: Hashable, Sendable {
        /// The repository, which may differ from image to image.
        package var repository: RepositoryName
        /// The image's own change, without finding changes.
        package var change: ImageChange

        /// Pairs a change with its repository.
        package init(repository: RepositoryName, change: ImageChange) {
            self.repository = repository
            self.change = change
        }
    }

    /// The registry of all images.
    package var registry: Registry
    /// The account's name; nil where it is not known yet.
    package var accountName: String?
    /// The event that all images share.
    package var cause: ImageChange.Cause
    /// The images, in the order of their change records.
    package var images: [ChangedImage]

    /// Collects the changes of images of `registry`.
    package init(registry: Registry, accountName: String?, cause: ImageChange.Cause, images: [ChangedImage]) {
        self.registry = registry
        self.accountName = accountName
        self.cause = cause
        self.images = images
    }

    /// How many findings of each severity were last known in all images together.
    package var openFindings: [Severity: Int] {
        images.reduce(into: [:]) { $0.merge($1.change.openFindings, uniquingKeysWith: +) }
    }
}
