/// How an attempt at a repository ended.
package enum AttemptOutcome: Hashable, Sendable {
    case completed(JobCounters)
    /// The attempt reached its bounds; the next attempt continues at `cursor`.
    case continues(cursor: String)
    /// The job is retried after `after`, or after the queue's own delay if nil; throttling and waiting for scans
    /// consume no try.
    case again(after: Duration?, reason: String, consumesTry: Bool)
    /// No attempt can succeed; the repository's coverage in the store gives the reason.
    case discarded(reason: String)
}
