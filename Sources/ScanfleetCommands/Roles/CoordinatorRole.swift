internal import AdminServer
internal import Domain
internal import JobQueue
internal import Logging
internal import Observability
internal import Retry
internal import ServiceLifecycle

/// Leads or stands by; the leader starts the sweeps that are due and exports the queue's numbers.
struct CoordinatorRole: Role {
    let name = "coordinator"
    private let assembly: Assembly
    /// How long a leader's silence is taken for life.
    private let term: Duration = .seconds(15)

    init(assembly: Assembly) {
        self.assembly = assembly
    }

    func run() async throws {
        try await cancelWhenGracefulShutdown { try await lead() }
        do {
            try await assembly.queue.resign("coordinator", holder: assembly.instance)
        } catch {
            assembly.logger.info("leadership left to expire", metadata: .init(error))
        }
    }

    func readiness() async -> AdminPages.Readiness {
        do {
            _ = try await assembly.redis.send(["PING"])
            return .ready
        } catch {
            return .notReady("\(error)")
        }
    }

    var queuePage: (@Sendable () async throws -> [UInt8])? {
        { [queue = assembly.queue, concurrency = assembly.settings.concurrency] in
            QueuePage(try await queue.snapshot(), concurrency: concurrency).json
        }
    }

    // MARK: Leading

    /// Asks for the lead every third of the term; a sweep that is being started runs beside, and ends with the lead.
    private func lead() async throws {
        var starting: Task<Void, Never>?
        defer { starting?.cancel() }
        var faults = 0
        while !Task.isCancelled {
            do {
                let fence = try await assembly.queue.lead("coordinator", holder: assembly.instance, term: term)
                faults = 0
                assembly.metrics.set(.leading, to: fence == nil ? 0 : 1)
                if let fence {
                    try await exportQueue()
                    if starting == nil {
                        // Unstructured, so that renewing the lead goes on while a large organization is walked.
                        starting = Task { await startWhenDue(fence) }
                    }
                } else {
                    starting?.cancel()
                    starting = nil
                }
            } catch let error where error.dispositionOrPermanent.isRetryable {
                faults += 1
                if faults == 1 { assembly.logger.warning("Redis does not answer, trying again", metadata: .init(error)) }
            }
            do { try await assembly.loop.sleep(for: term / 3) } catch { return }
        }
    }

    /// Starts every sweep whose slot has begun, until cancelled.
    private func startWhenDue(_ fence: Fence) async {
        while !Task.isCancelled {
            for (kind, schedule) in assembly.settings.schedules.sorted(by: { $0.key.rawValue > $1.key.rawValue }) {
                await startIfDue(kind, schedule, fence)
            }
            do { try await assembly.loop.sleep(for: .seconds(1)) } catch { return }
        }
    }

    private func startIfDue(_ kind: SweepKind, _ schedule: Schedule, _ fence: Fence) async {
        let slot = schedule.slot(at: Int(Assembly.now()))
        let id = SweepID(kind: kind, slot: UTCTime(seconds: slot).compactText)
        do {
            let known = try await assembly.queue.sweep(id.rawValue)
            guard known?.isClosed != true, known?.completedAt == nil else { return }
            _ = try await SweepStarter(assembly: assembly)
                .start(id, scope: assembly.settings.scope, priority: .bulk, fence: fence)
        } catch is CancellationError {
            return
        } catch {
            assembly.logger.error("sweep not enqueued, trying again", metadata: .init(error, [.sweep: id]))
            // The next attempt adds what is missing; a failing organization is not asked every second.
            do { try await assembly.loop.sleep(for: .seconds(30)) } catch { return }
        }
    }

    // MARK: The queue's numbers

    private func exportQueue() async throws {
        let snapshot = try await assembly.queue.snapshot()
        let page = QueuePage(snapshot, concurrency: assembly.settings.concurrency)
        for (state, count) in page.states { assembly.metrics.set(.queueJobs, [("state", state)], to: Double(count)) }
        assembly.metrics.set(.queueBacklog, to: Double(page.backlog))
        assembly.metrics.set(.queueOldestReady, to: snapshot.oldestReadySeconds)
        assembly.metrics.set(.desiredWorkers, to: Double(page.desiredWorkers))
        for sweep in snapshot.sweeps {
            guard let kind = SweepID(rawValue: sweep.id).kind?.rawValue, let at = sweep.completedAt else { continue }
            assembly.metrics.set(.sweepLastSuccess, [("kind", kind)], to: at)
        }
    }
}
