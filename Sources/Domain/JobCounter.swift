/// The numbers that jobs count and the queue adds up for each sweep, beside images by coverage state and artifacts by kind.
///
/// The names are those of `/v1/queue`, of the commands' output and of cursors in Redis.
package enum JobCounter: String, Hashable, Sendable, CaseIterable {
    /// Images that were looked at.
    case images
    /// Images and repositories that could not be judged.
    case gaps
    /// Repositories that could not be read.
    case repositoriesRefused = "repositories_refused"
    /// Images whose stored record changed.
    case written
    /// Images that were gone when they were asked about.
    case vanished
    /// Stored images that the repository no longer holds.
    case removed
    /// Stored images that the configuration now leaves out.
    case leftScope = "left_scope"
    /// Images beyond the limit of one repository.
    case beyondLimit = "beyond_limit"
    /// Images that an index names and the repository does not hold.
    case indexImagesMissing = "index_images_missing"
    /// Scans that were started.
    case scansStarted = "scans_started"
    /// Images whose last scan is recent enough.
    case scansRecent = "scans_recent"
    /// Images that ECR cannot scan.
    case scansImpossible = "scans_impossible"
    /// Images that Inspector scans.
    case scansByInspector = "scans_by_inspector"
    /// Scans that ECR's daily quota postpones.
    case scansPostponed = "scans_postponed"
    /// Scans that ECR refused to start.
    case scansRefused = "scans_refused"
}

extension [String: Int] {
    /// Returns a sweep's sum of one counter; 0 where no job counted it.
    package subscript(counter: JobCounter) -> Int { self[counter.rawValue, default: 0] }
}
