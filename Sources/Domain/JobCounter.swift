/// The counters that each job keeps and the queue sums up per sweep.
///
/// Jobs also count images by coverage state and artifacts by kind; those counters have the names of the states and kinds.
/// The raw values are outside names: `/v1/queue`, the commands' output and the job cursors in Redis use them.
package enum JobCounter: String, Hashable, Sendable, CaseIterable {
    /// Images that the job checked.
    case images
    /// Images and repositories that could not be judged.
    case gaps
    /// Repositories that could not be read.
    case repositoriesRefused = "repositories_refused"
    /// Images whose record in the table was written because it differed.
    case written
    /// Images that were deleted from ECR between the listing and the check.
    case vanished
    /// Stored images that were deleted from the table because the repository no longer has them.
    case removed
    /// Stored images that the configuration now excludes.
    case leftScope = "left_scope"
    /// Images that were not checked because their repository has more than the configured limit.
    case beyondLimit = "beyond_limit"
    /// Images that a multi-platform index names but the repository does not have.
    case indexImagesMissing = "index_images_missing"
    /// Scans that were started.
    case scansStarted = "scans_started"
    /// Images that were not scanned because their last scan is recent enough.
    case scansRecent = "scans_recent"
    /// Images that ECR cannot scan.
    case scansImpossible = "scans_impossible"
    /// Images that scanfleet does not scan because Inspector does.
    case scansByInspector = "scans_by_inspector"
    /// Scans that are postponed because the registry's daily quota is used up.
    case scansPostponed = "scans_postponed"
    /// Scans that ECR refused to start.
    case scansRefused = "scans_refused"
}

extension [String: Int] {
    /// The sweep's sum of one counter; 0 if no job counted it.
    package subscript(counter: JobCounter) -> Int { self[counter.rawValue, default: 0] }
}
