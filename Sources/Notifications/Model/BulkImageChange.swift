package import Domain

/// Images of one registry to which the same happened, and nothing else: they are gone, or judged no more for one reason, or
/// judged again.
package struct LapseNews: Hashable, Sendable {
    /// One of the images, by where it lies.
    package struct LapsedImage: Hashable, Sendable {
        package var repository: RepositoryName
        package var news: ImageNews

        /// Names the repository that the news itself does not.
        package init(repository: RepositoryName, news: ImageNews) {
            self.repository = repository
            self.news = news
        }
    }

    package var registry: Registry
    /// The account's name; nil where the organization has not told it yet.
    package var accountName: String?
    package var occasion: ImageNews.Occasion
    package var images: [LapsedImage]

    /// Gathers what happened to images of `registry`.
    package init(registry: Registry, accountName: String?, occasion: ImageNews.Occasion, images: [LapsedImage]) {
        self.registry = registry
        self.accountName = accountName
        self.occasion = occasion
        self.images = images
    }

    /// How many findings were last known in all of them.
    package var standing: [Severity: Int] {
        images.reduce(into: [:]) { $0.merge($1.news.standing, uniquingKeysWith: +) }
    }
}
