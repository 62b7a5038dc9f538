internal import Redis
internal import Support

extension JobQueue {
    /// Leases up to `limit` jobs, at most 500; with 0 it only reclaims expired leases and due retries.
    ///
    /// It confirms the leases at once: one that is never confirmed expires without counting as a crash. When this
    /// throws, the caller holds no lease.
    package func claim(worker: String, limit: Int) async throws -> Claim {
        try scripts.check(worker)
        let arguments = claimArguments(worker: worker, limit: max(0, min(limit, 500)))
        let reply = try await scripts.run(QueueScript.claim, arguments)
        guard let parts = reply.elements, let wait = parts.first?.number else {
            throw RedisError.unexpectedReply("claim: \(reply)")
        }
        let jobs = try parts.dropFirst().map(LeasedJob.init(reply:))
        return Claim(jobs: try await confirmed(jobs, worker: worker), askAgainAfter: .microseconds(wait))
    }

    /// Confirms to Redis that the leases of a claim arrived, and returns those that still hold.
    ///
    /// When that fails the leases hold all the same, and the worker's next renewal confirms them; dropping the jobs now
    /// would look like a crash.
    private func confirmed(_ jobs: [LeasedJob], worker: String) async throws -> [LeasedJob] {
        do {
            let lost = try await Set(renewLeases(jobs, worker: worker))
            return jobs.filter { !lost.contains($0) }
        } catch let error where error.dispositionOrPermanent.isRetryable {
            return jobs
        }
    }

    /// Renews the leases of all of a worker's jobs and returns the lost ones, whose work has to stop.
    package func renewLeases(_ jobs: [LeasedJob], worker: String) async throws -> [LeasedJob] {
        guard !jobs.isEmpty else { return [] }
        var arguments = [worker, String(settings.lease.microseconds), String(settings.jobsInFlightPerBucket)]
        for job in jobs { arguments += [job.sweep, job.bucket, job.payload, String(job.token)] }
        let reply = try await scripts.run(QueueScript.beat, arguments)
        guard let places = reply.elements?.compactMap(\.number) else {
            throw RedisError.unexpectedReply("beat: \(reply)")
        }
        return places.compactMap { jobs.indices.contains($0) ? jobs[$0] : nil }
    }

    /// Ends an attempt; returns false, and records nothing, when its lease was lost before.
    ///
    /// Repeating it after an error is safe; a repeat of a call that took effect also returns false.
    package func settle(_ job: LeasedJob, as outcome: JobOutcome) async throws -> Bool {
        try await scripts.count(QueueScript.settle, settleArguments(job, outcome)) == 1
    }

    /// Ends attempts in the given order and in one round trip; returns for each what `settle` would.
    package func settle(_ ends: [(job: LeasedJob, outcome: JobOutcome)]) async throws -> [Bool] {
        let calls = ends.map { settleArguments($0.job, $0.outcome) }
        return try await scripts.run(QueueScript.settle, each: calls).map { reply in
            guard let number = reply.number else { throw RedisError.unexpectedReply("settle: \(reply)") }
            return number == 1
        }
    }

    private func settleArguments(_ job: LeasedJob, _ outcome: JobOutcome) -> [String] {
        let lease = [job.sweep, job.bucket, job.payload, String(job.token)]
        let limits = [String(settings.jobsInFlightPerBucket), String(settings.crashesBeforeQuarantine)]
        return lease + limits + arguments(of: outcome, of: job)
    }

    private func claimArguments(worker: String, limit: Int) -> [String] {
        [
            worker, String(limit), String(settings.lease.microseconds), String(settings.jobsInFlightPerBucket),
            String(settings.jobStartInterval), String(settings.savedJobStarts),
            String(settings.crashesBeforeQuarantine), String(settings.crashes), String(settings.idlePoll.microseconds),
            String(settings.reclaimsPerClaim),
        ]
    }

    /// Returns the arguments of settle.lua from the outcome on.
    private func arguments(of outcome: JobOutcome, of job: LeasedJob) -> [String] {
        switch outcome {
        case .completed(let tallies):
            return ["done"] + tallies.sorted { $0.key < $1.key }.flatMap { [$0.key, String($0.value)] }
        case .released(let cursor):
            return ["release", cursor ?? ""]
        case .retry(let after, let reason, let consumesTry):
            // The jitter separates jobs that were refused together; it is capped so that hours do not grow by hours.
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
