internal import Retry

/// A job in the hands of this process.
struct HeldJob {
    /// Why an attempt has to end before it is through.
    enum Stop: Sendable {
        case leaseLost
        case graceOver
        case tooLong
    }

    let job: LeasedJob
    let began: ContinuousClock.Instant
    /// Takes the first reason to stop; the attempt hears no further one.
    let stop: AsyncStream<Stop>.Continuation
}

/// One attempt beside what may stop it.
struct AttemptRace: Sendable {
    private enum Step: Sendable {
        case ended(Outcome?)
        case stopped(HeldJob.Stop)
    }

    let job: LeasedJob
    let longest: Duration
    /// Whether the job's calls had to wait for a slow quota, which is nobody's failure.
    let isPaced: @Sendable (LeasedJob) -> Bool

    /// What is to be settled; nil when the lease is lost and there is nothing to say.
    func run(
        _ stops: AsyncStream<HeldJob.Stop>,
        _ perform: @escaping @Sendable (LeasedJob) async throws -> Outcome
    ) async -> Outcome? {
        await withTaskGroup(of: Step.self) { race in
            race.addTask { .ended(await outcome(of: perform)) }
            race.addTask {
                for await stop in stops { return .stopped(stop) }
                // The whole consumer was cancelled.
                return .stopped(.graceOver)
            }
            var stop: HeldJob.Stop?
            while let step = await race.next() {
                race.cancelAll()
                switch step {
                case .stopped(let reason): stop = reason
                case .ended(let outcome): return judged(outcome, stop)
                }
            }
            return nil
        }
    }

    private func outcome(of perform: @Sendable (LeasedJob) async throws -> Outcome) async -> Outcome? {
        do {
            return try await perform(job)
        } catch is LeaseLost {
            return nil
        } catch  where Task.isCancelled {
            // However the cancellation dressed up on its way through the work, it is no failure of the job.
            return .released(cursor: job.cursor)
        } catch {
            let disposition = error.dispositionOrPermanent
            guard case .throttled(let after) = disposition else {
                return .retry(after: nil, reason: "\(error)", consumesTry: true)
            }
            return .retry(after: after, reason: "\(error)", consumesTry: false)
        }
    }

    /// A slow quota is nobody's failure, but a job that no quota of a day serves is to end, and to say so.
    private var isExcused: Bool { isPaced(job) && job.throttledFor < .seconds(6 * 3600) }

    /// What an attempt that was told to stop amounts to: what it got done counts, what it did not is not its fault
    /// unless it took too long.
    private func judged(_ outcome: Outcome?, _ stop: HeldJob.Stop?) -> Outcome? {
        switch (stop, outcome) {
        case (nil, _): outcome
        case (.leaseLost, _), (_, nil): nil
        case (.graceOver, .retry): .released(cursor: job.cursor)
        case (.tooLong, .retry), (.tooLong, .released(job.cursor)):
            .retry(after: nil, reason: "an attempt took longer than \(longest)", consumesTry: !isExcused)
        case (_, let outcome): outcome
        }
    }
}
