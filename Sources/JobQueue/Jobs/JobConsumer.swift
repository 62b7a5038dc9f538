package import Logging
internal import Observability
internal import Support

/// Claims jobs for all free slots at once, runs them while it renews their leases, and settles their outcomes.
///
/// Redis may restart, fail over or freeze meanwhile: claims, renewals and settlements are repeated with backoff. A job
/// whose lease is lost is cancelled and not settled, because it runs elsewhere by then.
package actor JobConsumer {
    /// Concurrency and time limits of one consumer.
    package struct Settings: Hashable, Sendable {
        /// The most jobs in flight; back-pressure may lower it for a while.
        package var concurrency: Int
        /// How often all leases are renewed; a third of their length.
        package var renewEvery: Duration
        /// How long jobs in flight may continue once draining has begun; they are then released.
        package var grace: Duration
        /// The longest pause between two claims that found nothing.
        package var idlePause: Duration
        /// The longest time that an attempt may take; it is then cancelled and consumes a try.
        ///
        /// A slow quota excuses a longer attempt, but only until the job has been throttled for six hours.
        package var longest: Duration

        /// Uses the defaults of a fleet.
        package init(
            concurrency: Int = 64,
            renewEvery: Duration = .seconds(5),
            grace: Duration = .seconds(20),
            idlePause: Duration = .milliseconds(500),
            longest: Duration = .seconds(900)
        ) {
            self.concurrency = concurrency
            self.renewEvery = renewEvery
            self.grace = grace
            self.idlePause = idlePause
            self.longest = longest
        }
    }

    /// What happens to jobs, for metrics.
    package enum Event: Sendable {
        /// An attempt ended, and Redis recorded its outcome; `took` is the attempt's length.
        case settled(LeasedJob, JobOutcome, took: Duration)
        /// An attempt's lease was lost, so it was not settled.
        case leaseLost(LeasedJob)
        /// The number of jobs that the consumer holds has changed to this number.
        case holding(Int)
    }

    let settings: Settings
    let sleep: @Sendable (Duration) async throws -> Void
    let logger: Logger
    let queue: JobQueue
    private let worker: String
    let observe: @Sendable (Event) -> Void
    var held: [Int: HeldJob] = [:] {
        didSet { observe(.holding(held.count)) }
    }
    private let pressure: BackPressure
    private let isPaced: @Sendable (LeasedJob) -> Bool
    /// The jobs that are released together once the grace period is over, so that they keep their order; nil before.
    var returning: [LeasedJob: JobOutcome]?
    private var graceEnds: ContinuousClock.Instant?
    /// When a draining consumer stops calling Redis; Kubernetes kills the pod ten seconds after the grace period.
    var lastMoment: ContinuousClock.Instant? { graceEnds.map { $0 + .seconds(4) } }
    private var waker: AsyncStream<Void>.Continuation?

    /// Consumes under the name `worker`, which must be unique in the fleet.
    ///
    /// `sleep` suspends without a thread, `pressure` limits the slots while the store refuses calls, and `isPaced` says
    /// whether a job's calls wait for a slow quota.
    package init(
        queue: JobQueue,
        worker: String,
        settings: Settings = Settings(),
        pressure: BackPressure = BackPressure(),
        isPaced: @escaping @Sendable (LeasedJob) -> Bool = { _ in false },
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        logger: Logger,
        observe: @escaping @Sendable (Event) -> Void = { _ in }
    ) {
        self.queue = queue
        self.worker = worker
        self.settings = settings
        self.pressure = pressure
        self.isPaced = isPaced
        self.sleep = sleep
        self.logger = logger
        self.observe = observe
    }

    /// Stops claiming; jobs in flight may continue for the grace period.
    package func drain() {
        if graceEnds == nil { graceEnds = .now + settings.grace }
        waker?.yield()
    }

    /// Claims and performs until drained or cancelled.
    ///
    /// - Throws: the first permanent fault of Redis, such as a refused password.
    package func run(_ perform: @escaping @Sendable (LeasedJob) async throws -> JobOutcome) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.keepLeases() }
            try await withThrowingDiscardingTaskGroup { jobs in
                while graceEnds == nil && !Task.isCancelled {
                    let (wakes, waker) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
                    self.waker = waker
                    let claim = try await nextClaim()
                    guard graceEnds == nil else {
                        await release(claim.jobs)
                        break
                    }
                    for job in claim.jobs {
                        let cancellations = hold(job)
                        jobs.addTask { await self.attempt(job, cancellations, perform) }
                    }
                    let isFull = held.count >= slots
                    if isFull || claim.jobs.isEmpty {
                        await pause(isFull ? settings.idlePause : claim.askAgainAfter, orUntil: wakes)
                    }
                }
                await endGrace(at: graceEnds ?? .now)
            }
            group.cancelAll()
        }
    }

    // MARK: Claiming

    private var slots: Int { pressure.slots(of: settings.concurrency) }

    private func nextClaim() async throws -> Claim {
        let free = slots - held.count
        guard free > 0 else { return Claim(jobs: [], askAgainAfter: settings.idlePause) }
        var attempt = 0
        while true {
            do {
                return try await queue.claim(worker: worker, limit: free)
            } catch let error where error.dispositionOrPermanent.isRetryable {
                attempt += 1
                if attempt == 1 { logger.warning("claim failed, trying again", metadata: .init(error)) }
                guard graceEnds == nil else { return Claim(jobs: [], askAgainAfter: .zero) }
                try await sleep(Backoff(base: .milliseconds(200), cap: .seconds(5)).delay(afterAttempt: attempt))
            }
        }
    }

    /// Waits for the duration; ends early when a job ended or draining began since the claim.
    private func pause(_ duration: Duration, orUntil wakes: AsyncStream<Void>) async {
        let wait = min(max(duration, .milliseconds(10)), settings.idlePause)
        await withTaskGroup(of: Void.self) { group in
            // A cancelled sleep ends the pause as well; the caller's loop then sees the cancellation.
            group.addTask { [sleep] in try? await sleep(wait) }
            group.addTask { for await _ in wakes { return } }
            await group.next()
            group.cancelAll()
        }
    }

    // MARK: One job

    private func hold(_ job: LeasedJob) -> AsyncStream<HeldJob.CancellationReason> {
        let (stream, continuation) = AsyncStream.makeStream(of: HeldJob.CancellationReason.self)
        held[job.token] = HeldJob(job: job, began: .now, cancellation: continuation)
        return stream
    }

    private func attempt(
        _ job: LeasedJob,
        _ cancellations: AsyncStream<HeldJob.CancellationReason>,
        _ perform: @escaping @Sendable (LeasedJob) async throws -> JobOutcome
    ) async {
        let began = ContinuousClock.now
        let supervisor = AttemptSupervisor(job: job, longest: settings.longest, isPaced: isPaced)
        let outcome = await supervisor.run(cancellations, perform)
        if let outcome, returning != nil, case .released = outcome {
            returning?[job] = outcome
            return
        }
        if let outcome {
            await settle(job, outcome, took: .now - began)
        } else {
            observe(.leaseLost(job))
            logger.warning("lease lost, attempt cancelled", metadata: .init([.job: job.payload, .sweep: job.sweep]))
        }
        held[job.token] = nil
        waker?.yield()
    }

    /// Settles one job; its lease is renewed for as long as that takes.
    func settle(_ job: LeasedJob, _ outcome: JobOutcome, took: Duration) async {
        var settled = false
        do {
            settled = try await record(job, outcome)
        } catch is CancellationError {
            // Unstructured, so that a decided outcome is recorded even when the consumer is cancelled.
            settled = await Task { (try? await self.record(job, outcome, until: .now + .seconds(10))) ?? false }.value
        } catch {
            logger.error("settling failed, the lease will expire", metadata: .init(error, [.job: job.payload]))
        }
        observe(settled ? .settled(job, outcome, took: took) : .leaseLost(job))
    }

    /// Repeats until Redis answers, because an outcome is worth more than the slot; draining limits the time.
    private func record(
        _ job: LeasedJob,
        _ outcome: JobOutcome,
        until deadline: ContinuousClock.Instant? = nil
    ) async throws -> Bool {
        try await retrySettling(until: deadline) { [queue] in try await queue.settle(job, as: outcome) }
    }

    /// Repeats a settlement that Redis did not answer; once draining began, until shortly after the grace period.
    func retrySettling<Answer: Sendable>(
        until deadline: ContinuousClock.Instant? = nil,
        _ body: @escaping @Sendable () async throws -> Answer
    ) async throws -> Answer {
        var attempt = 0
        while true {
            do {
                return try await ask(until: deadline ?? lastMoment, body)
            } catch let error where error.dispositionOrPermanent.isRetryable {
                attempt += 1
                if attempt == 1 { logger.warning("settling failed, trying again", metadata: .init(error)) }
                if let end = deadline ?? lastMoment, .now >= end { throw error }
                try await sleep(Backoff(base: .milliseconds(200), cap: .seconds(3)).delay(afterAttempt: attempt))
            }
        }
    }

    // MARK: Leases

    private func keepLeases() async throws {
        var pause = settings.renewEvery
        while true {
            try await sleep(pause)
            pause = settings.renewEvery
            for job in held.values where .now - job.began > settings.longest {
                job.cancellation.yield(.tooLong)
            }
            do {
                let jobs = held.values.map(\.job)
                for lost in try await queue.renewLeases(jobs, worker: worker) {
                    held[lost.token]?.cancellation.yield(.leaseLost)
                }
            } catch let error where !(error is CancellationError) {
                // A permanent fault is reported by the next claim; until then every renewal is worth the attempt.
                logger.warning("beat failed, trying again", metadata: .init(error))
                pause = settings.renewEvery / 5
            }
        }
    }
}
