internal import Domain
internal import FindingStore
internal import Retry

/// Turns what changed in the store into news and reports.
///
/// It is level-triggered: the stream only says which images are dirty. The news is the difference between an image as
/// it is stored and as it was last announced, so that records read twice, or in a crash's shadow, tell nothing twice.
/// The order of the effects is fixed: deliver, write down what was announced, store the checkpoint.
///
/// Three loops run side by side: following the stream, announcing, reporting. Hubot may be down for hours, and the reports
/// go on.
package actor Aggregator<Store: NewsStore, Changes: ChangeSource> {
    let store: Store
    let changes: Changes
    let effects: AggregatorEffects
    let settings: AggregatorSettings
    let comparison: ImageComparison

    var ledger = DirtyLedger(saved: nil)
    var desk = BaselineDesk()
    var schedule = ReportSchedule()
    var names: [AccountID: String] = [:]
    /// News that no image is dirty for.
    var notices: [News] = []
    /// Why the store must be compared with what was announced, before any further checkpoint counts.
    var gap: Gap?
    var checkpointSavedAt: Double = 0
    private var hasStarted = false

    /// A break in what is known of the changes.
    struct Gap {
        var reason: String
        /// Whether the team is told; the very first start has missed nothing.
        var isNews: Bool
    }

    /// Aggregates what `changes` brings of `store`.
    package init(store: Store, changes: Changes, effects: AggregatorEffects, settings: AggregatorSettings = .init()) {
        self.store = store
        self.changes = changes
        self.effects = effects
        self.settings = settings
        comparison = ImageComparison(threshold: settings.threshold)
    }

    /// Works until it is cancelled.
    ///
    /// Failures are observed and repeated with backoff; none ends it.
    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.run(.follow) { try await self.follow() } }
            group.addTask { try await self.run(.announce) { try await self.announce() } }
            group.addTask { try await self.run(.report) { try await self.report() } }
            defer { group.cancelAll() }
            try await group.waitForAll()
        }
    }

    /// Works until nothing is left to do, and writes the report once; for tests and one-off runs.
    ///
    /// - Throws: the first failure; what was not done is done by the next call.
    package func runUntilIdle() async throws {
        var quietRounds = 0
        while quietRounds < 2 {
            let isQuiet = try await follow() != .zero
            try await announce()
            quietRounds = isQuiet && ledger.count == 0 && notices.isEmpty ? quietRounds + 1 : 0
        }
        try await publish(try await glance())
    }

    /// Reads what a restart needs; a second call does nothing.
    func start() async throws {
        guard !hasStarted else { return }
        let markers = try await store.baselines()
        let checkpoint = try await store.checkpoint()
        let registries = try await store.registries().map(\.registry)
        guard !hasStarted else { return }
        hasStarted = true
        desk = BaselineDesk(markers)
        for registry in registries { desk.want(registry) }
        ledger = DirtyLedger(saved: checkpoint)
        if checkpoint == nil { gap = Gap(reason: "no place in the stream was remembered", isNews: !desk.isEmpty) }
        await changes.resume(from: checkpoint)
    }

    /// Repeats a step, waiting as long as it asks; after a failure longer and longer.
    private func run(
        _ stage: AggregatorEvent.Stage,
        _ step: @Sendable () async throws -> Duration
    ) async throws {
        var failures = 0
        while true {
            try Task.checkCancellation()
            let wait: Duration
            do {
                wait = try await step()
                failures = 0
            } catch let error where !(error is CancellationError) {
                failures += 1
                wait = settings.backoff.delay(afterAttempt: failures)
                effects.observe(.failed(stage, error, retryIn: wait))
            }
            if wait > .zero { try await effects.sleep(wait) } else { await Task.yield() }
        }
    }

    func glance() async throws -> SweepGlance { SweepGlance(try await effects.sweeps()) }
}
