package import Logging
internal import Observability
internal import Retry

/// Claims jobs for all free slots at once, runs them beside the renewal of their leases, and settles what they end as.
///
/// Redis may restart, fail over or freeze under it: claims, beats and settlements are repeated with backoff, and a job
/// whose lease is lost is cancelled and not settled, because it runs elsewhere by then.
package actor JobConsumer {
    /// The times and sizes of one consumer.
    package struct Settings: Hashable, Sendable {
        /// Jobs in flight.
        package var concurrency: Int
        /// How often all leases are renewed; a third of their length.
        package var beatEvery: Duration
        /// How long jobs in flight may go on once draining began; then they are released.
        package var grace: Duration
        /// The longest pause between two claims that found nothing.
        package var idlePause: Duration
        /// The longest that an attempt may take; it is then cancelled, and has consumed a try unless a quota held it up,
        /// for six hours at most.
        package var longest: Duration

        /// Takes the design's defaults.
        package init(
            concurrency: Int = 64,
            beatEvery: Duration = .seconds(5),
            grace: Duration = .seconds(20),
            idlePause: Duration = .milliseconds(500),
            longest: Duration = .seconds(900)
        ) {
            self.concurrency = concurrency
            self.beatEvery = beatEvery
            self.grace = grace
            self.idlePause = idlePause
            self.longest = longest
        }
    }

    /// What happens to jobs, told to whoever counts.
    package enum Event: Sendable {
        case settled(LeasedJob, Outcome, took: Duration)
        case leaseLost(LeasedJob)
        /// So many jobs are held now.
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
    /// What goes back to the queue together, in the order that keeps theirs, once the grace period is over.
    var returning: [LeasedJob: Outcome]?
    private var graceEnds: ContinuousClock.Instant?
    /// When a draining consumer gives up telling Redis; a Kubernetes pod is killed ten seconds after its grace period.
    var lastMoment: ContinuousClock.Instant? { graceEnds.map { $0 + .seconds(4) } }
    private var waker: AsyncStream<Void>.Continuation?

    /// Consumes under the name `worker`, which must be unique in the fleet; `sleep` suspends without a thread, `pressure`
    /// is told by whoever sees the store refuse, and `isPaced` says whether a job's calls wait for a slow quota.
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

    /// Ends claiming; what is in flight may go on for the grace period.
    package func drain() {
        if graceEnds == nil { graceEnds = .now + settings.grace }
        waker?.yield()
    }

    /// Claims and performs until drained or cancelled.
    ///
    /// - Throws: the first fault of Redis that no further attempt can mend, such as a refused password.
    package func run(_ perform: @escaping @Sendable (LeasedJob) async throws -> Outcome) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.renewLeases() }
            try await withThrowingDiscardingTaskGroup { jobs in
                while graceEnds == nil && !Task.isCancelled {
                    let (wakes, waker) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
                    self.waker = waker
                    let claim = try await nextClaim()
                    guard graceEnds == nil else {
                        await giveBack(claim.jobs)
                        break
                    }
                    for job in claim.jobs {
                        let stops = hold(job)
                        jobs.addTask { await self.attempt(job, stops, perform) }
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

    /// Waits until something has changed since the claim began, be it a slot or the drain, or until the time is over.
    private func pause(_ duration: Duration, orUntil wakes: AsyncStream<Void>) async {
        let wait = min(max(duration, .milliseconds(10)), settings.idlePause)
        await withTaskGroup(of: Void.self) { group in
            // A cancelled sleep ends the pause as well; the loop then sees why.
            group.addTask { [sleep] in try? await sleep(wait) }
            group.addTask { for await _ in wakes { return } }
            await group.next()
            group.cancelAll()
        }
    }

    // MARK: One job

    private func hold(_ job: LeasedJob) -> AsyncStream<HeldJob.Stop> {
        let (stream, continuation) = AsyncStream.makeStream(of: HeldJob.Stop.self)
        held[job.token] = HeldJob(job: job, began: .now, stop: continuation)
        return stream
    }

    private func attempt(
        _ job: LeasedJob,
        _ stops: AsyncStream<HeldJob.Stop>,
        _ perform: @escaping @Sendable (LeasedJob) async throws -> Outcome
    ) async {
        let began = ContinuousClock.now
        let outcome = await AttemptRace(job: job, longest: settings.longest, isPaced: isPaced).run(
            stops,
            perform
        )
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

    /// Settles one job, whose lease is renewed for as long as that takes.
    func settle(_ job: LeasedJob, _ outcome: Outcome, took: Duration) async {
        var settled = false
        do {
            settled = try await record(job, outcome)
        } catch is CancellationError {
            // Unstructured, so that the end of the process does not cut off what is already decided.
            settled = await Task { (try? await self.record(job, outcome, until: .now + .seconds(10))) ?? false }.value
        } catch {
            logger.error("settling failed, the lease will expire", metadata: .init(error, [.job: job.payload]))
        }
        observe(settled ? .settled(job, outcome, took: took) : .leaseLost(job))
    }

    /// Repeats until Redis has answered, since an outcome is worth more than the slot; draining bounds it.
    private func record(
        _ job: LeasedJob,
        _ outcome: Outcome,
        until deadline: ContinuousClock.Instant? = nil
    ) async throws -> Bool {
        try await insist(until: deadline) { [queue] in try await queue.settle(job, as: outcome) }
    }

    /// Repeats what Redis did not answer; once draining began, only for a moment beyond the grace period.
    func insist<Answer: Sendable>(
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

    private func renewLeases() async throws {
        var pause = settings.beatEvery
        while true {
            try await sleep(pause)
            pause = settings.beatEvery
            for job in held.values where .now - job.began > settings.longest { job.stop.yield(.tooLong) }
            do {
                let jobs = held.values.map(\.job)
                for lost in try await queue.beat(jobs, worker: worker) { held[lost.token]?.stop.yield(.leaseLost) }
            } catch let error where !(error is CancellationError) {
                // Whether it can ever succeed, the claims find out; until then the leases are worth every attempt.
                logger.warning("beat failed, trying again", metadata: .init(error))
                pause = settings.beatEvery / 5
            }
        }
    }
}
