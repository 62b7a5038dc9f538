internal import ChangeFeed
internal import Domain
internal import FindingStore
internal import Support

/// Turns changes of the store into notifications and reports.
///
/// It is level-triggered: the stream only names the dirty images. A change is the difference between an image as stored
/// and as last announced, so that a stream record read twice is not announced twice. The steps are:
///
/// 1. Write the announced state of an image and its change record, in one transaction.
///
/// 2. Store the stream checkpoint.
///
/// 3. Write messages of due change records into the outbox, in one transaction with the id of the last record that they
/// cover.
///
/// 4. Deliver the outbox: `OutboxDispatcher` does that, and no step here waits for the chat.
///
/// A crash between steps only repeats work.
///
/// Three loops run concurrently: following the stream, announcing, reporting.
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
    /// Whether `context.widespread` equals the stored sets.
    var isWidespreadKnown = true
    /// Whether `baselineTracker` has every stored marker.
    var areMarkersKnown = true
    /// A gap in the stream that is not bridged yet; while it is set, no checkpoint is stored.
    var gap: Gap?
    var checkpointSavedAt: Double = 0
    /// When the last report was stored, or when this process started, in seconds since 1970.
    var reportedAt: Double = 0
    var suppressionsReviewedAt: Double?
    /// Whether the current rules and threshold were compared with those of the last notifications.
    var isScopeReviewed = false
    private var hasStarted = false

    /// A loss of stream records, after which the whole store must be compared.
    struct Gap {
        var reason: String
        /// Whether it is announced; on the very first start nothing was missed.
        var isNews: Bool
    }

    /// Joins a store, the stream of its changes, the effects and the settings.
    package init(store: Store, changes: Changes, effects: AggregatorEffects, settings: AggregatorSettings) {
        self.store = store
        self.changes = changes
        self.effects = effects
        self.settings = settings
        comparison = ImageComparison(threshold: settings.threshold, suppressions: settings.suppressions)
        grouping = ChangeGrouping(routes: settings.routes, suppressions: settings.suppressions)
    }

    /// Runs the three loops until cancelled.
    ///
    /// Failures are reported as events and retried with backoff.
    /// - Throws: `StoreError.superseded` where a later leader has taken over.
    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.run(.follow) { try await self.follow() } }
            group.addTask { try await self.run(.announce) { try await self.announce() } }
            group.addTask { try await self.run(.report) { try await self.report() } }
            defer { group.cancelAll() }
            // No loop returns by itself: the first to end was cancelled or lost the leadership, and ends all.
            try await group.next()
        }
    }

    /// Runs until no change is left, and publishes the report once; for tests and one-off runs.
    ///
    /// - Throws: the first failure; the next call does the rest.
    package func runUntilIdle() async throws {
        var quietRounds = 0
        while quietRounds < 2 {
            let isMuted = try await follow() != .zero
            try await announce()
            quietRounds = isMuted && pending.count == 0 && !notes.isWaiting ? quietRounds + 1 : 0
        }
        try await publish(try await sweepActivity())
    }

    /// Takes over leadership and reads the stored state; a second call does nothing.
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
        // If the report covers everything before the checkpoint, only later changes are missing from it.
        schedule = ReportSchedule(changed: checkpoint?.report == settings.report ? .nothing : .everything)
        reportedAt = effects.now()
        checkpointSavedAt = checkpoint?.savedAt ?? 0
        if checkpoint == nil {
            gap = Gap(reason: "no place in the stream was remembered", isNews: !baselineTracker.isEmpty)
        }
        await changes.resume(from: checkpoint)
    }

    /// Repeats a step, waiting as long as it returns; after failures it waits for the backoff.
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
    /// Whether a later leader has taken over, so that no write of this process can succeed any more.
    fileprivate var isLostLeadership: Bool { if case .superseded? = self as? StoreError { true } else { false } }
}
