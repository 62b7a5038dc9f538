internal import Logging
internal import Observability
internal import Redis

extension JobConsumer {
    /// Lets what is in flight go on until `deadline`; what is then unfinished is cancelled and given back.
    func endGrace(at deadline: ContinuousClock.Instant) async {
        await wait(until: deadline) { held.isEmpty }
        returning = [:]
        for job in held.values { job.stop.yield(.graceOver) }
        // Whoever does not stop within a second goes back alone, and loses its place in the order.
        await wait(until: .now + .seconds(1)) { held.count == returning?.count }
        let jobs = returning ?? [:]
        returning = nil
        await giveBack(jobs.keys, jobs)
    }

    /// Releases jobs that have not run, or not to their end.
    ///
    /// A release goes to the head of its bucket, so the last that was claimed goes back first.
    func giveBack(_ jobs: some Collection<LeasedJob>, _ outcomes: [LeasedJob: Outcome] = [:]) async {
        guard !jobs.isEmpty else { return }
        let ends = jobs.sorted { $0.token > $1.token }.map { job in
            (job: job, outcome: outcomes[job] ?? .released(cursor: job.cursor))
        }
        var settled = [Bool](repeating: false, count: ends.count)
        do {
            settled = try await insist { [queue] in try await queue.settle(ends) }
        } catch {
            logger.error("releasing failed, the leases will expire", metadata: .init(error, [.count: ends.count]))
        }
        for (end, isSettled) in zip(ends, settled) {
            observe(isSettled ? .settled(end.job, end.outcome, took: .zero) : .leaseLost(end.job))
            held[end.job.token] = nil
        }
    }

    /// Asks once, and no longer than until `deadline`, since a server that is away may take its time to say so.
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
            // A cancelled sleep means that there is no time left to wait.
            guard (try? await sleep(.milliseconds(20))) != nil else { return }
        }
    }
}
