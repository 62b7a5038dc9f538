package import Logging
internal import Observability
internal import Retry

/// Claims jobs for all free slots at once, runs them beside the renewal of their leases, and settles what they end as.
///
/// Redis may restart, fail over or freeze under it: claims and settlements are repeated with backoff, and a job whose lease
/// is lost is cancelled and not settled, because it runs elsewhere by then.
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

        /// Takes the design's defaults.
        package init(
            concurrency: Int = 64,
            beatEvery: Duration = .seconds(5),
            grace: Duration = .seconds(20),
            idlePause: Duration = .milliseconds(500)
        ) {
            self.concurrency = concurrency
            self.beatEvery = beatEvery
            self.grace = grace
            self.idlePause = idlePause
        }
    }

    /// What happens to jobs, told to whoever counts.
    package enum Event: Sendable {
        case settled(LeasedJob, Outcome, took: Duration)
        case leaseLost(LeasedJob)
    }

    private struct Held {
        var job: LeasedJob
        var stop: AsyncStream<Stop>.Continuation
    }

    private enum Stop: Sendable {
        case leaseLost
        case graceOver
    }

    private let queue: JobQueue
    private let worker: String
    private let settings: Settings
    private let sleep: @Sendable (Duration) async throws -> Void
    private let logger: Logger
    private let observe: @Sendable (Event) -> Void
    private var held: [Int: Held] = [:]
    private var isDraining = false
    private var waker: CheckedContinuation<Void, Never>?

    /// Consumes under the name `worker`, which must be unique in the fleet; `sleep` suspends without a thread.
    package init(
        queue: JobQueue,
        worker: String,
        settings: Settings = Settings(),
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        logger: Logger,
        observe: @escaping @Sendable (Event) -> Void = { _ in }
    ) {
        self.queue = queue
        self.worker = worker
        self.settings = settings
        self.sleep = sleep
        self.logger = logger
        self.observe = observe
    }

    /// Ends claiming; what is in flight may go on for the grace period.
    package func drain() {
        isDraining = true
        wake()
    }

    /// Claims and performs until drained or cancelled.
    ///
    /// - Throws: the first fault of Redis that no further attempt can mend, such as a refused password.
    package func run(_ perform: @escaping @Sendable (LeasedJob) async throws -> Outcome) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.renewLeases() }
            try await withThrowingDiscardingTaskGroup { jobs in
                while !isDraining && !Task.isCancelled {
                    let claim = try await nextClaim()
                    for job in claim.jobs {
                        let stops = hold(job)
                        jobs.addTask { await self.attempt(job, stops, perform) }
                    }
                    if claim.jobs.isEmpty { await pause(claim.askAgainAfter) }
                    while held.count >= settings.concurrency && !isDraining { await pause(settings.idlePause) }
                }
                if !held.isEmpty { jobs.addTask { await self.endGrace() } }
            }
            group.cancelAll()
        }
    }

    // MARK: Claiming

    private func nextClaim() async throws -> Claim {
        var attempt = 0
        while true {
            do {
                return try await queue.claim(worker: worker, limit: settings.concurrency - held.count)
            } catch let error where error.dispositionOrPermanent.isRetryable {
                attempt += 1
                if attempt == 1 { logger.warning("claim failed, trying again", metadata: .init(error)) }
                guard !isDraining else { return Claim(jobs: [], askAgainAfter: .zero) }
                try await sleep(Backoff(base: .milliseconds(200), cap: .seconds(5)).delay(afterAttempt: attempt))
            }
        }
    }

    /// Waits until something may have changed: a slot, the drain, or the time.
    private func pause(_ duration: Duration) async {
        let wait = min(max(duration, .milliseconds(10)), settings.idlePause)
        let timer = Task {
            // A cancelled sleep wakes as well: the loop then sees why.
            try? await sleep(wait)
            wake()
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if isDraining || Task.isCancelled { continuation.resume() } else { waker = continuation }
            }
        } onCancel: {
            timer.cancel()
        }
        timer.cancel()
    }

    private func wake() {
        waker?.resume()
        waker = nil
    }

    // MARK: One job

    private func hold(_ job: LeasedJob) -> AsyncStream<Stop> {
        let (stream, continuation) = AsyncStream.makeStream(of: Stop.self)
        held[job.token] = Held(job: job, stop: continuation)
        return stream
    }

    private func attempt(
        _ job: LeasedJob,
        _ stops: AsyncStream<Stop>,
        _ perform: @escaping @Sendable (LeasedJob) async throws -> Outcome
    ) async {
        let began = ContinuousClock.now
        let outcome = await withTaskGroup(of: Outcome?.self) { race in
            race.addTask { await Self.outcome(of: job, perform) }
            race.addTask {
                for await stop in stops { return stop == .graceOver ? .released(cursor: job.cursor) : nil }
                return .released(cursor: job.cursor)
            }
            let first = await race.next() ?? nil
            race.cancelAll()
            return first
        }
        if let outcome {
            await settle(job, outcome, took: .now - began)
        } else {
            observe(.leaseLost(job))
            logger.warning("lease lost, attempt cancelled", metadata: .init([.job: job.payload, .sweep: job.sweep]))
        }
        held[job.token]?.stop.finish()
        held[job.token] = nil
        wake()
    }

    private static func outcome(
        of job: LeasedJob,
        _ perform: @Sendable (LeasedJob) async throws -> Outcome
    ) async -> Outcome {
        do {
            return try await perform(job)
        } catch is CancellationError {
            return .released(cursor: job.cursor)
        } catch {
            return .retry(after: nil, reason: "\(error)", consumesTry: true)
        }
    }

    /// Repeats until Redis has heard it; the lease bounds how long that makes sense, and the beat ends with the job.
    private func settle(_ job: LeasedJob, _ outcome: Outcome, took: Duration) async {
        // Unstructured, so that the end of the process does not cut off what is already decided.
        let settled = await Task { [queue, sleep] in
            for attempt in 1...8 {
                do {
                    return try await queue.settle(job, as: outcome)
                } catch let error where error.dispositionOrPermanent.isRetryable && attempt < 8 {
                    try? await sleep(Backoff(base: .milliseconds(200), cap: .seconds(3)).delay(afterAttempt: attempt))
                } catch {
                    self.logger.error("settling failed, the lease will expire", metadata: .init(error))
                    return false
                }
            }
            return false
        }.value
        observe(settled ? .settled(job, outcome, took: took) : .leaseLost(job))
    }

    // MARK: Leases

    private func renewLeases() async throws {
        while true {
            try await sleep(settings.beatEvery)
            let jobs = held.values.map(\.job)
            guard !jobs.isEmpty else { continue }
            do {
                for lost in try await queue.beat(jobs, worker: worker) { held[lost.token]?.stop.yield(.leaseLost) }
            } catch let error where error.dispositionOrPermanent.isRetryable {
                logger.warning("beat failed, trying again", metadata: .init(error))
            }
        }
    }

    private func endGrace() async {
        let deadline = ContinuousClock.now + settings.grace
        while !held.isEmpty && ContinuousClock.now < deadline {
            guard (try? await sleep(.milliseconds(50))) != nil else { break }
        }
        for job in held.values { job.stop.yield(.graceOver) }
    }
}
