internal import Redis
internal import Retry

extension JobQueue {
    /// Leases up to `limit` jobs, at most 500; with 0 it only brings back what is due, for whoever has room.
    ///
    /// It confirms at once that they arrived: a lease that is never confirmed expires without being counted as a crash.
    /// When this throws, nothing was leased that anybody has to care for.
    package func claim(worker: String, limit: Int) async throws -> Claim {
        try check(worker)
        let reply = try await run(QueueScript.claim, claimArguments(worker: worker, limit: max(0, min(limit, 500))))
        guard let parts = reply.elements, let wait = parts.first?.number else {
            throw RedisError.unexpectedReply("claim: \(reply)")
        }
        let jobs = try parts.dropFirst().map(LeasedJob.init(reply:))
        return Claim(jobs: try await confirmed(jobs, worker: worker), askAgainAfter: .microseconds(wait))
    }

    /// Tells Redis that the jobs of a claim arrived.
    ///
    /// Where that fails the leases stand all the same, and the worker's next beat confirms them; to drop the jobs now would
    /// look like its death.
    private func confirmed(_ jobs: [LeasedJob], worker: String) async throws -> [LeasedJob] {
        do {
            let lost = try await Set(beat(jobs, worker: worker))
            return jobs.filter { !lost.contains($0) }
        } catch let error where error.dispositionOrPermanent.isRetryable {
            return jobs
        }
    }

    /// Renews the leases of all of a worker's jobs and answers the lost ones, whose work has to stop.
    package func beat(_ jobs: [LeasedJob], worker: String) async throws -> [LeasedJob] {
        guard !jobs.isEmpty else { return [] }
        var arguments = [worker, String(settings.lease.microseconds), String(settings.jobsInFlightPerBucket)]
        for job in jobs { arguments += [job.sweep, job.bucket, job.payload, String(job.token)] }
        let reply = try await run(QueueScript.beat, arguments)
        guard let places = reply.elements?.compactMap(\.number) else {
            throw RedisError.unexpectedReply("beat: \(reply)")
        }
        return places.compactMap { jobs.indices.contains($0) ? jobs[$0] : nil }
    }

    /// Ends an attempt; false: the lease was lost before, and the outcome counts for nothing.
    ///
    /// Repeating it after an error is safe; a repeat of what took effect also answers false.
    package func settle(_ job: LeasedJob, as outcome: Outcome) async throws -> Bool {
        try await count(QueueScript.settle, settleArguments(job, outcome)) == 1
    }

    /// Ends attempts in one round trip, in the order given; answers of each what `settle` does.
    package func settle(_ ends: [(job: LeasedJob, outcome: Outcome)]) async throws -> [Bool] {
        let calls = ends.map { settleArguments($0.job, $0.outcome) }
        return try await redis.evaluate(QueueScript.settle, keys: [prefix], each: calls).map { reply in
            guard let number = reply.number else { throw RedisError.unexpectedReply("settle: \(reply)") }
            return number == 1
        }
    }

    private func settleArguments(_ job: LeasedJob, _ outcome: Outcome) -> [String] {
        let lease = [job.sweep, job.bucket, job.payload, String(job.token)]
        let limits = [String(settings.jobsInFlightPerBucket), String(settings.crashesBeforeSuspicion)]
        return lease + limits + arguments(of: outcome, of: job)
    }

    private func claimArguments(worker: String, limit: Int) -> [String] {
        [
            worker, String(limit), String(settings.lease.microseconds), String(settings.jobsInFlightPerBucket),
            String(settings.jobStartInterval), String(settings.savedJobStarts), String(settings.crashesBeforeSuspicion),
            String(settings.crashes), String(settings.idlePoll.microseconds), String(settings.bringBackPerClaim),
        ]
    }

    /// What settle.lua takes for each outcome.
    private func arguments(of outcome: Outcome, of job: LeasedJob) -> [String] {
        switch outcome {
        case .completed(let tallies):
            return ["done"] + tallies.sorted { $0.key < $1.key }.flatMap { [$0.key, String($0.value)] }
        case .released(let cursor):
            return ["release", cursor ?? ""]
        case .retry(let after, let reason, let consumesTry):
            // Enough to part those that were sent away together; hours are not to become hours more.
            let named = after.map { $0 + min($0 * 0.2, .seconds(30)) * Double.random(in: 0...1) }
            let delay = named ?? settings.retryDelay.ceiling(afterAttempt: job.attempt) * Double.random(in: 0.5...1)
            let since = consumesTry ? "" : job.throttledSince.map { String($0) } ?? "now"
            return ["retry", String(delay.microseconds), reason, String(consumesTry ? settings.tries : 0), since]
        case .discarded(let reason):
            return ["discard", reason]
        }
    }
}

extension LeasedJob {
    fileprivate init(reply: RESPValue) throws {
        guard let parts = reply.elements, parts.count == 7, let sweep = parts[0].text, let bucket = parts[1].text,
            let payload = parts[2].text, let token = parts[3].number, let attempt = parts[4].number,
            let cursor = parts[5].text, let since = parts[6].text
        else { throw RedisError.unexpectedReply("claim: \(reply)") }
        self.init(
            sweep: sweep,
            bucket: bucket,
            payload: payload,
            token: token,
            attempt: attempt,
            cursor: cursor.isEmpty ? nil : cursor
        )
        throttledSince = Int(since)
    }
}
