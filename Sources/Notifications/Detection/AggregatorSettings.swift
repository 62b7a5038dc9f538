package import Domain
package import Support

/// The settings of an aggregator.
package struct AggregatorSettings: Hashable, Sendable {
    /// The least severity that is announced.
    package var threshold: Severity
    /// Choose the room of every notification; without a default room nothing is announced.
    package var routes: Routes
    /// Rules whose findings are not announced, in the order of their file.
    package var suppressions = Suppressions()
    /// Mute times and the daily digest; by default neither.
    package var muteSchedule = MuteSchedule()
    /// How long changes are grouped while a collect sweep runs; without a running sweep they are announced within
    /// seconds.
    ///
    /// Grouping lets a vulnerability that is found in many images become one message.
    package var window: Duration = .seconds(300)
    /// The most change records turned into messages at once; `changesAtOnce` may allow fewer.
    package var notesAtOnce = 5000
    /// About how many changes are turned into messages at once; this bounds memory.
    package var changesAtOnce = 50_000
    /// Report location, as `bucket/prefix`; changing it forces a full rebuild.
    package var report = ""
    /// How long reports may fail before checkpoints are stored without waiting for them.
    package var reportPatience: Duration = .seconds(3600)
    /// How long to wait after a stream round that reached the end.
    package var pollInterval: Duration = .seconds(1)
    /// How many images are read and compared at once.
    package var batch = 100
    /// Delays after failures of S3, DynamoDB or Redis.
    package var backoff = Backoff(base: .seconds(1), cap: .seconds(60))

    /// Announces findings of at least `threshold` in the rooms of `routes`.
    package init(threshold: Severity = .high, routes: Routes) {
        self.threshold = threshold
        self.routes = routes
    }
}
