package import Domain
package import Support

/// What an aggregator's owner may choose.
package struct AggregatorSettings: Hashable, Sendable {
    /// The least severity that is told.
    package var threshold: Severity
    package var routes: Routes
    package var suppressions = Suppressions()
    package var muteSchedule = MuteSchedule()
    /// How long news of a collect sweep under way is gathered, so that what is new in many places is told once; when no sweep
    /// is under way, news is told within seconds.
    package var window: Duration = .seconds(300)
    /// Notes made into messages at once, as far as their changes allow.
    package var notesAtOnce = 5000
    /// Changes made into messages at once: so many fit into memory.
    package var changesAtOnce = 50_000
    /// Where the report lies: one that lies elsewhere tells nothing of what this one told.
    package var report = ""
    /// How long reports may fail before the place in the stream is remembered without them.
    package var reportPatience: Duration = .seconds(3600)
    /// How long to wait after a look that brought nothing.
    package var pollInterval: Duration = .seconds(1)
    /// Images that are read and compared at once.
    package var batch = 100
    /// After failures of Hubot, S3, DynamoDB or Redis.
    package var backoff = Backoff(base: .seconds(1), cap: .seconds(60))

    /// Tells everything at least as bad as `threshold` in the rooms of `routes`.
    package init(threshold: Severity = .high, routes: Routes) {
        self.threshold = threshold
        self.routes = routes
    }
}
