internal import Support

/// A job that this process holds a lease for.
struct HeldJob {
    /// Why an attempt is cancelled.
    enum CancellationReason: Sendable {
        case leaseLost
        case graceOver
        case tooLong
    }

    let job: LeasedJob
    let began: ContinuousClock.Instant
    /// Cancels the attempt with the first reason that it is given, and ignores further ones.
    let cancellation: AsyncStream<CancellationReason>.Continuation
}

/// Runs one attempt and cancels it when there is a reason to.
struct AttemptSupervisor: Sendable {
    private enum Step: Sendable {
        case ended(JobOutcome?)
        case cancelled(HeldJob.CancellationReason)
    }

    let job: LeasedJob
    let longest: Duration
    /// Whether the job's calls had to wait for a slow quota, which is not the job's fault.
    let isPaced: @Sendable (LeasedJob) -> Bool

    /// Returns the outcome to settle; nil when the lease is lost, because then there is nothing to settle.
    func run(
        _ cancellations: AsyncStream<HeldJob.CancellationReason>,
        _ perform: @escaping @Sendable (LeasedJob) async throws -> JobOutcome
    ) async -> JobOutcome? {
        await withTaskGroup(of: Step.self) { group in
            group.addTask { .ended(await outcome(of: perform)) }
            group.addTask {
                for await reason in cancellations { return .cancelled(reason) }
                // The stream ends early only when the whole consumer is cancelled.
                return .cancelled(.graceOver)
            }
            var reason: HeldJob.CancellationReason?
            while let step = await group.next() {
                group.cancelAll()
                switch step {
                case .cancelled(let first): reason = first
                case .ended(let outcome): return judged(outcome, reason)
                }
            }
            return nil
        }
    }

    private func outcome(of perform: @Sendable (LeasedJob) async throws -> JobOutcome) async -> JobOutcome? {
        do {
            return try await perform(job)
        } catch is LeaseLost {
            return nil
        } catch  where Task.isCancelled {
            // The error comes from the cancellation, whatever its type by now, so it is no failure of the job.
            return .released(cursor: job.cursor)
        } catch {
            let disposition = error.dispositionOrPermanent
            guard case .throttled(let after) = disposition else {
                return .retry(after: nil, reason: "\(error)", consumesTry: true)
            }
            return .retry(after: after, reason: "\(error)", consumesTry: false)
        }
    }

    /// Whether a slow quota excuses a long attempt; not after six hours of throttling, so that the job ends.
    private var isExcused: Bool { isPaced(job) && job.throttledFor < .seconds(6 * 3600) }

    /// Decides how a cancelled attempt ends.
    ///
    /// An outcome that was reached all the same counts. An unfinished attempt consumes a try only when it took too
    /// long.
    private func judged(_ outcome: JobOutcome?, _ reason: HeldJob.CancellationReason?) -> JobOutcome? {
        switch (reason, outcome) {
        case (nil, _): outcome
        case (.leaseLost, _), (_, nil): nil
        case (.graceOver, .retry): .released(cursor: job.cursor)
        case (.tooLong, .retry), (.tooLong, .released(job.cursor)):
            .retry(after: nil, reason: "an attempt took longer than \(longest)", consumesTry: !isExcused)
        case (_, let outcome): outcome
        }
    }
}
