package import Domain

/// Decides which of a repository's due images are scanned today if the quota is not enough for all.
package enum ScanBudget {
    /// The `count` images that were pulled or pushed last, because these are in use.
    package static func first(_ count: Int, of due: [RepositoryContents.Entry]) -> Set<ImageDigest> {
        let order = due.sorted { ($0.lastUsedAt, $0.image.place.digest) > ($1.lastUsedAt, $1.image.place.digest) }
        return Set(order.prefix(max(0, count)).map(\.image.place.digest))
    }

    /// The coverage of an image that was never scanned and has to wait.
    static let usedUp = Coverage(
        .throttled,
        reason: "the registry's scans of the last 24 hours are used up; images in use come first"
    )
}

extension RepositoryContents.Entry {
    /// The later of the last pull and the push, in seconds since 1970; 0 if neither is known.
    package var lastUsedAt: Double { max(lastPulledAt ?? 0, image.pushedAt ?? 0) }
}
