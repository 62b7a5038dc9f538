package import Domain

/// Decides whether a scan of an image is due.
package enum ScanPlan: Hashable, Sendable {
    case due
    /// Its last scan is less than a day old, and ECR allows one a day.
    case recent
    /// The listing alone shows that ECR does not scan it.
    case impossible(Coverage)

    /// ECR's own limit: one scan per image in 24 hours (ops/design/aws.md §4.1), in seconds.
    package static let interval: Double = 24 * 3600

    /// Decides by the listing's entry and the stored coverage; `now` is in seconds since 1970.
    package init(_ entry: RepositoryContents.Entry, known: Coverage?, now: Double) {
        if let coverage = entry.coverage {
            self = .impossible(coverage)
        } else if let time = Self.dueAt(known), time > now {
            self = .recent
        } else {
            self = .due
        }
    }

    /// When the next scan may be requested, in seconds since 1970; nil if no earlier scan is known.
    package static func dueAt(_ known: Coverage?) -> Double? {
        guard let known, known.state == .scanned else { return nil }
        return known.at.map { $0 + interval }
    }
}
