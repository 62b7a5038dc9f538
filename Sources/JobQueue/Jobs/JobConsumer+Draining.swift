internal import Logging
internal import Observability
internal import Redis

extension JobConsumer {
    /// Lets jobs in flight continue until `deadline`; then cancels and releases the unfinished ones.
    func endGrace(at deadline: ContinuousClock.Instant) async {
        await wait(until: deadline) { held.isEmpty }
        returning = [:]
        for job in held.values { job.cancellation.yield(.graceOver) }
        // A job that does not stop within a second is released on its own later, and loses its place in the order.
        await wait(until: .now + .seconds(1)) { held.count == returning?.count }
        let jobs = returning ?? [:]
        returning = nil
        await release(jobs.keys, jobs)
    }

    /// Releases jobs that have not run, or not to their end.
    ///
    /// A released job goes to the head of its bucket, so the job that was claimed last is released first.
    func release(_ jobs: some Collection<LeasedJob>, _ outcomes: [LeasedJob: JobOutcome] = [:]) async {
        guard !jobs.isEmpty else { return }
        let ends = jobs.sorted { $0.token > $1.token }.map { job in
            (job: job, outcome: outcomes[job] ?? .released(cursor: job.cursor))
        }
        var settled = [Bool](repeating: false, count: ends.count)
        do {
            settled = try await retrySettling { [queue] in try await queue.settle(ends) }
        } catch {
            logger.error("releasing failed, the leases will expire", metadata: .init(error, [.count: ends.count]))
        }
        for (end, isSettled) in zip(ends, settled) {
            observe(isSettled ? .settled(end.job, end.outcome, took: .zero) : .leaseLost(end.job))
            held[end.job.token] = nil
        }
    }

    /// Calls Redis once and gives up at `deadline`, because a server that is away may not answer for long.
    func ask<Answer: Sendable>(
        until deadline: ContinuousClock.Instant?,
        _ body: @escaping @Sendable () async throws -> Answer
    ) async throws -> Answer {
        guard let deadline else { return try await body() }
        guard .now < deadline else { throw RedisError.timedOut }
        return try await withThrowingTaskGroup(of: Answer?.self) { group in
            group.addTask { try await body() }
            group.addTask { [sleep] in
                try await sleep(deadline - .now)
                return nil
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() ?? nil else { throw RedisError.timedOut }
            return answer
        }
    }

    private func wait(until deadline: ContinuousClock.Instant, _ isOver: () -> Bool) async {
        while !isOver() && ContinuousClock.now < deadline {
            // The sleep is cancelled with the consumer: then there is no time left to wait.
            guard (try? await sleep(.milliseconds(20))) != nil else { return }
        }
    }
}
