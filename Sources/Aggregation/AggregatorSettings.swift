package import Domain
package import Retry

/// What an aggregator's owner may choose.
package struct AggregatorSettings: Hashable, Sendable {
    /// The least severity that is told.
    package var threshold: Severity
    /// How long to wait after a look that brought nothing.
    package var pollInterval: Duration = .seconds(1)
    /// Images that are read and compared at once.
    package var batch = 100
    /// After failures of Hubot, S3, DynamoDB or Redis.
    package var backoff = Backoff(base: .seconds(1), cap: .seconds(60))

    /// Tells everything at least as bad as `threshold`.
    package init(threshold: Severity = .high) { self.threshold = threshold }
}
