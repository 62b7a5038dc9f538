internal import ChangeFeed
internal import Domain
internal import FindingStore
internal import Support

/// Turns what changed in the store into news and reports.
///
/// It is level-triggered: the stream only says which images are dirty. The news is the difference between an image as
/// it is stored and as it was last announced, so that records read twice, or in a crash's shadow, tell nothing twice.
/// What is announced and a note of the news are written together; then the checkpoint may be stored; when its time has
/// come, notes become messages of the outbox, in one write with the note that they reach up to. Each of these survives a
/// crash at any moment, and none waits for the chat to answer.
///
/// Three loops run side by side: following the stream, announcing, reporting. Delivering the outbox is not its business.
package actor Aggregator<Store: NotificationStore, Changes: ChangeSource> {
    let store: Store
    let changes: Changes
    let effects: AggregatorEffects
    let settings: AggregatorSettings
    let comparison: ImageComparison
    let grouping: ChangeGrouping

    var pending = PendingChanges(saved: nil)
    var baselineTracker = BaselineTracker()
    var schedule = ReportSchedule()
    var notes = GroupWait()
    var watch = AccessMonitor()
    var context = ChangeGrouping.GroupingContext()
    /// Whether `context.openFindings` counts everything that was announced.
    var areOpenFindingsKnown = false
    /// Whether `context.widespread` is what the store holds.
    var isWidespreadKnown = true
    /// Whether `baselineTracker` has every marker that the store holds.
    var areMarkersKnown = true
    /// Why the store must be compared with what was announced, before any further checkpoint counts.
    var gap: Gap?
    var checkpointSavedAt: Double = 0
    /// When the last report was stored, or the first could have been.
    var reportedAt: Double = 0
    var suppressionsReviewedAt: Double?
    /// Whether what was told last was told by today's rules.
    var isScopeReviewed = false
    private var hasStarted = false

    /// A break in what is known of the changes.
    struct Gap {
        var reason: String
        /// Whether the team is told; the very first start has missed nothing.
        var isNews: Bool
    }

    /// Aggregates what `changes` brings of `store`.
    package init(store: Store, changes: Changes, effects: AggregatorEffects, settings: AggregatorSettings) {
        self.store = store
        self.changes = changes
        self.effects = effects
        self.settings = settings
        comparison = ImageComparison(threshold: settings.threshold, suppressions: settings.suppressions)
        grouping = ChangeGrouping(routes: settings.routes, suppressions: settings.suppressions)
    }

    /// Works until it is cancelled.
    ///
    /// Failures are observed and repeated with backoff.
    /// - Throws: `StoreError.led` where a later leader has taken over.
    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.run(.follow) { try await self.follow() } }
            group.addTask { try await self.run(.announce) { try await self.announce() } }
            group.addTask { try await self.run(.report) { try await self.report() } }
            defer { group.cancelAll() }
            // None ends by itself: the first to end has met what ends them all.
            try await group.next()
        }
    }

    /// Works until nothing is left to do, and writes the report once; for tests and one-off runs.
    ///
    /// - Throws: the first failure; what was not done is done by the next call.
    package func runUntilIdle() async throws {
        var quietRounds = 0
        while quietRounds < 2 {
            let isMuted = try await follow() != .zero
            try await announce()
            quietRounds = isMuted && pending.count == 0 && !notes.isWaiting ? quietRounds + 1 : 0
        }
        try await publish(try await sweepActivity())
    }

    /// Reads what a restart needs; a second call does nothing.
    func start() async throws {
        guard !hasStarted else { return }
        try await store.lead()
        let markers = try await store.baselines()
        let widespread = try await store.widespread()
        let left = try await store.notes(limit: 1, changes: 1).notes
        let checkpoint = try await store.checkpoint()
        let registries = try await store.registries().map(\.registry)
        guard !hasStarted else { return }
        hasStarted = true
        baselineTracker = BaselineTracker(markers)
        for registry in registries { baselineTracker.want(registry) }
        context.widespread = widespread
        notes = GroupWait(left: !left.isEmpty)
        watch = AccessMonitor(registries)
        pending = PendingChanges(saved: checkpoint, report: settings.report)
        // Who has a checkpoint that a report tells of reads from there on what that one does not tell.
        schedule = ReportSchedule(changed: checkpoint?.report == settings.report ? .nothing : .everything)
        reportedAt = effects.now()
        checkpointSavedAt = checkpoint?.savedAt ?? 0
        if checkpoint == nil {
            gap = Gap(reason: "no place in the stream was remembered", isNews: !baselineTracker.isEmpty)
        }
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
            } catch let error where !(error is CancellationError) && !error.isLostLeadership {
                failures += 1
                wait = settings.backoff.delay(afterAttempt: failures)
                effects.observe(.failed(stage, error, retryIn: wait))
            }
            if wait > .zero { try await effects.sleep(wait) } else { await Task.yield() }
        }
    }

    func sweepActivity() async throws -> SweepActivity { SweepActivity(try await effects.sweeps()) }
}

extension Error {
    /// Whether a later leader writes the table, so that nothing of ours can succeed any more.
    fileprivate var isLostLeadership: Bool { if case .led? = self as? StoreError { true } else { false } }
}
