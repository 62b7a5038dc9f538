internal import AdminServer
internal import Domain
internal import EventLoop
internal import JobQueue
internal import Logging
internal import Observability
internal import Scanning
internal import ServiceLifecycle
internal import Support

/// Claims jobs and performs them, up to `SCANFLEET_CONCURRENCY` at a time.
struct WorkerRole: Role {
    let name = "worker"
    private let assembly: Assembly
    private let consumer: JobConsumer
    private let work: RepositoryJob

    init(assembly: Assembly) {
        self.assembly = assembly
        let metrics = assembly.metrics
        consumer = JobConsumer(
            queue: assembly.queue,
            worker: assembly.instance,
            settings: JobConsumer.Settings(concurrency: assembly.settings.concurrency),
            pressure: assembly.storePressure,
            isPaced: { [slow = assembly.slowPlaces] in slow.contains($0.bucket) },
            sleep: { [loop = assembly.loop] in try await loop.sleep(for: $0) },
            logger: assembly.logger,
            observe: { metrics.count($0) }
        )
        work = RepositoryJob(
            access: assembly.access,
            store: assembly.store,
            bounds: .init(
                scansPerDay: assembly.settings.sweeps.scansPerDay,
                scanHorizon: Self.scanHorizon(assembly.settings.sweeps.schedules[.scan])
            ),
            scope: assembly.settings.sweeps.images,
            now: Assembly.now
        )
    }

    func run() async throws {
        assembly.metrics.set(.workerSlots, to: Double(assembly.settings.concurrency))
        assembly.metrics.set(.workerHeld, to: 0)
        // Prometheus sees the first increase only of a counter that existed before, with the value 0.
        assembly.metrics.increment(.leasesLost, by: 0)
        try await withGracefulShutdownHandler {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await exportSlots() }
                try await consumer.run { job in try await perform(job) }
                group.cancelAll()
            }
        } onGracefulShutdown: {
            // Unstructured, because the handler is synchronous; it only sets a flag.
            Task { await consumer.drain() }
        }
    }

    /// How far ahead a job may wait for an image's next scan: a quarter of the schedule's interval.
    ///
    /// An image that was scanned a few minutes after yesterday's sweep began is due a few minutes after today's begins.
    /// A quarter leaves the sweep time to end before the next one.
    private static func scanHorizon(_ schedule: Schedule?) -> Duration {
        guard let interval = schedule?.longestInterval(at: Int(Assembly.now())) else { return .zero }
        return .seconds(interval / 4)
    }

    func readiness() async -> AdminPages.Readiness { await assembly.redisReadiness() }

    /// Exports the slots that back-pressure leaves, once a second, until cancelled.
    private func exportSlots() async throws {
        let concurrency = assembly.settings.concurrency
        while true {
            assembly.metrics.set(.workerSlots, to: Double(assembly.storePressure.slots(of: concurrency)))
            try await assembly.loop.sleep(for: .seconds(1))
        }
    }

    private func perform(_ leased: LeasedJob) async throws -> JobOutcome {
        guard let job = ScanJob(sweep: SweepID(rawValue: leased.sweep), payload: leased.payload) else {
            return .discarded(reason: "the payload is not account/region/repository")
        }
        var logger = assembly.logger
        logger[metadataKey: LogKey.sweep.rawValue] = "\(leased.sweep)"
        logger[metadataKey: LogKey.job.rawValue] = "\(leased.payload)"
        logger[metadataKey: LogKey.jobAttempt.rawValue] = "\(leased.attempt)"
        let outcome = try await work.perform(
            job,
            token: leased.token,
            cursor: leased.cursor,
            throttledFor: leased.throttledFor,
            logger: logger
        )
        logger.debug("job attempted", metadata: .init([.jobOutcome: outcome.name]))
        return JobOutcome(outcome)
    }
}

extension AttemptOutcome {
    /// The outcome's name in log lines.
    fileprivate var name: String {
        switch self {
        case .completed: "completed"
        case .continues: "continues"
        case .again: "again"
        case .discarded: "hopeless"
        }
    }
}

extension JobOutcome {
    /// Translates an attempt's outcome into the queue's.
    fileprivate init(_ outcome: AttemptOutcome) {
        self =
            switch outcome {
            case .completed(let tally): .completed(tallies: tally.counts)
            case .continues(let cursor): .released(cursor: cursor)
            case .again(let delay, let reason, let consumesTry):
                .retry(after: delay, reason: reason, consumesTry: consumesTry)
            case .discarded(let reason): .discarded(reason: reason)
            }
    }
}

extension MetricRegistry {
    fileprivate func count(_ event: JobConsumer.Event) {
        switch event {
        case .leaseLost: increment(.leasesLost)
        case .holding(let count): set(.workerHeld, to: Double(count))
        case .settled(let job, let outcome, let took):
            let kind = SweepID(rawValue: job.sweep).kind?.rawValue ?? "unknown"
            increment(.jobsSettled, [("kind", kind), ("outcome", outcome.label)])
            observe(.jobDuration, [("kind", kind)], seconds: took.inSeconds)
        }
    }
}
