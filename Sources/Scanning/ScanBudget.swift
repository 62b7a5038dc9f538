package import Domain

/// Decides which of a repository's due images are scanned today where not all can be.
package enum ScanBudget {
    /// The images that come first: those that were pulled or pushed last, for they are the ones in use.
    package static func first(_ count: Int, of due: [RepositoryContents.Entry]) -> Set<ImageDigest> {
        let order = due.sorted { ($0.lastUsedAt, $0.image.place.digest) > ($1.lastUsedAt, $1.image.place.digest) }
        return Set(order.prefix(max(0, count)).map(\.image.place.digest))
    }

    /// What is said of an image that was never judged and has to wait.
    static let usedUp = Coverage(
        .throttled,
        reason: "the registry's scans of the last 24 hours are used up; images in use come first"
    )
}

extension RepositoryContents.Entry {
    /// When somebody last had the image in hands, in seconds since 1970.
    package var lastUsedAt: Double { max(lastPulledAt ?? 0, image.pushedAt ?? 0) }
}
