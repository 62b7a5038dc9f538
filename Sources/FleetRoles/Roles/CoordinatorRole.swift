internal import AdminServer
internal import Domain
internal import EventLoop
internal import JobQueue
internal import Logging
internal import Observability
internal import Redis
internal import ServiceLifecycle
internal import Support

/// Leads or stands by; the leader starts due sweeps, cleans up, and exports the queue's metrics.
struct CoordinatorRole: Role {
    /// The role's name in the Redis key of its lead.
    static let role = FleetRole.coordinator.rawValue
    let name = CoordinatorRole.role
    let assembly: Assembly

    init(assembly: Assembly) {
        self.assembly = assembly
    }

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            try await LeaderElection(assembly: assembly, role: name).run { fence in
                defer { assembly.metrics.forget(MetricName.ofTheLeadingCoordinator) }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await startWhenDue(fence) }
                    group.addTask { try await exportQueue(fence) }
                    group.addTask { try await reclaimExpired() }
                    group.addTask { try await cleanUp(fence) }
                    group.addTask { try await exportLearnedRates() }
                    defer { group.cancelAll() }
                    try await group.next()
                }
            }
        }
    }

    func readiness() async -> AdminPages.Readiness { await assembly.redisReadiness() }

    var queuePage: (@Sendable () async throws -> [UInt8])? {
        { [queue = assembly.queue, concurrency = assembly.settings.concurrency] in
            QueueStatus(try await queue.snapshot(), concurrency: concurrency).json
        }
    }

    // MARK: Sweeps

    /// Starts every sweep whose slot has begun, until cancelled; when both kinds are due, scan comes first.
    private func startWhenDue(_ fence: Fence) async throws {
        while true {
            for kind in [SweepKind.scan, .collect] {
                guard let schedule = assembly.settings.sweeps.schedules[kind] else { continue }
                try await startIfDue(kind, schedule, fence)
            }
            try await assembly.loop.sleep(for: .seconds(1))
        }
    }

    private func startIfDue(_ kind: SweepKind, _ schedule: Schedule, _ fence: Fence) async throws {
        guard let slot = schedule.slot(at: Int(Assembly.now())) else { return }
        let id = SweepID(kind: kind, slot: UTCTime(seconds: slot).compactText)
        do {
            guard try await assembly.sweepRegistry.sweep(id.rawValue)?.isClosed != true,
                try await isClear(for: id, fence)
            else {
                return
            }
            _ = try await SweepEnqueuer(assembly: assembly)
                .start(id, scope: assembly.settings.sweeps.scope, priority: .bulk, fence: fence)
        } catch let error where !(error is CancellationError) {
            assembly.logger.error("sweep not enqueued, trying again", metadata: .init(error, [.sweep: id]))
            // The next attempt adds the missing jobs; the pause spares AWS Organizations while it fails.
            try await assembly.loop.sleep(for: .seconds(30))
        }
    }

    /// Whether the sweep may start now; cancels the earlier sweeps of its kind that `SweepStart` names.
    private func isClear(for id: SweepID, _ fence: Fence) async throws -> Bool {
        let start = SweepStart(
            of: id,
            beside: try await assembly.sweepRegistry.sweeps(),
            overlap: assembly.settings.sweeps.overlap
        )
        for earlier in start.cancelled {
            assembly.logger.warning("earlier sweep cancelled", metadata: .init([.sweep: earlier]))
            try await assembly.sweepRegistry.cancel(earlier, fence: fence)
        }
        return start.awaited == nil
    }

    // MARK: The queue's numbers

    private func exportQueue(_ fence: Fence) async throws {
        var known: Set<String> = []
        var flow = QueueCounters()
        exportIntervals()
        while true {
            do {
                let snapshot = try await assembly.queue.snapshot()
                export(snapshot, QueueStatus(snapshot, concurrency: assembly.settings.concurrency))
                export(&flow, snapshot.sweeps)
                try await exportRedis()
                try await exportCompleteness(snapshot.sweeps, known: &known, fence)
            } catch let error where error.dispositionOrPermanent.isRetryable {
                assembly.logger.warning("the queue could not be read, trying again", metadata: .init(error))
            }
            try await assembly.loop.sleep(for: .seconds(5))
        }
    }

    private func export(_ snapshot: QueueSnapshot, _ page: QueueStatus) {
        let metrics = assembly.metrics
        for (state, count) in page.states { metrics.set(.queueJobs, [("state", state)], to: Double(count)) }
        metrics.set(.queueBacklog, to: Double(snapshot.backlog))
        metrics.set(.queueOldestReady, to: Double(snapshot.oldestReadySeconds))
        metrics.set(.desiredWorkers, to: Double(page.desiredWorkers))
        // The snapshot is newest first: reversed, the newest sweep of each kind is set last and stays.
        for sweep in snapshot.sweeps.reversed() {
            guard let kind = SweepID(rawValue: sweep.id).kind?.rawValue, let at = sweep.completedAt else { continue }
            metrics.set(.sweepLastSuccess, [("kind", kind)], to: at)
            metrics.set(.sweepGaps, [("kind", kind)], to: Double(sweep.tallies[JobCounter.gaps]))
        }
    }
}

extension Assembly {
    /// Ready while Redis answers `PING`; without Redis no role can work.
    func redisReadiness() async -> AdminPages.Readiness {
        do {
            _ = try await redis.send(["PING"])
            return .ready
        } catch {
            return .notReady("\(error)")
        }
    }
}
