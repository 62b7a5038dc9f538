internal import Redis

extension JobQueue {
    /// Opens a sweep; false when it exists, and then nothing was changed.
    ///
    /// `fence` is nil for ad-hoc work, which needs no leader.
    ///
    /// - Throws: `QueueError.fenced`.
    package func open(_ sweep: String, priority: QueuePriority, fence: Fence?) async throws -> Bool {
        try check(sweep)
        let retention = String(max(1, settings.retention.components.seconds))
        let arguments = [sweep, priority.rawValue, retention] + Fence.arguments(fence)
        return try await count(QueueScript.open, arguments, fence: fence) == 1
    }

    /// Adds the jobs that the sweep does not have yet and answers how many these were.
    ///
    /// A repeat after any failure adds the rest. A closed sweep takes nothing more.
    ///
    /// - Throws: `QueueError.fenced`, `QueueError.unknownSweep`.
    package func enqueue(_ jobs: [QueuedJob], in sweep: String, fence: Fence?) async throws -> Int {
        try check(sweep)
        var added = 0
        let chunk = max(1, settings.enqueueChunk)
        for start in stride(from: 0, to: jobs.count, by: chunk) {
            var arguments = [sweep] + Fence.arguments(fence)
            for job in jobs[start..<min(start + chunk, jobs.count)] {
                try check(job.bucket)
                arguments += [job.bucket, job.payload]
            }
            added += try await count(QueueScript.enqueue, arguments, sweep: sweep, fence: fence)
        }
        return added
    }

    /// Says that everything is enqueued; the sweep completes with its last job, or now.
    ///
    /// `run` is what `serverRun` answered before the first job was enqueued. Where Redis has restarted or failed over
    /// since, nothing is closed and the answer is false: enqueue again, since what it was told last may be lost. A sweep
    /// that is closed has lost nothing, because what a server loses is always the end of what it was told.
    ///
    /// - Throws: `QueueError.fenced`, `QueueError.unknownSweep`.
    @discardableResult
    package func close(_ sweep: String, fence: Fence?, run: String? = nil) async throws -> Bool {
        try check(sweep)
        let arguments = [sweep] + Fence.arguments(fence) + [run ?? ""]
        return try await count(QueueScript.close, arguments, sweep: sweep, fence: fence) == 1
    }

    /// Names the life of the server that answers now; it changes with every restart and failover.
    package func serverRun() async throws -> String {
        let reply = try await redis.send(["INFO", "server"])
        let line = reply.text?.split(whereSeparator: \.isNewline).first { $0.hasPrefix("run_id:") }
        guard let line else { throw RedisError.unexpectedReply("INFO: \(reply)") }
        return String(line.dropFirst("run_id:".count))
    }

    /// Stops a sweep: nothing of it starts any more, and running jobs are lost at their next beat.
    ///
    /// It is complete when workers have met, and dropped, what was waiting.
    ///
    /// `fence` is nil where a person decides.
    ///
    /// - Returns: whether it was stopped by this; false where it was complete or stopped before.
    /// - Throws: `QueueError.fenced`, `QueueError.unknownSweep`.
    @discardableResult
    package func cancel(_ sweep: String, fence: Fence? = nil) async throws -> Bool {
        try check(sweep)
        return try await count(QueueScript.cancel, [sweep] + Fence.arguments(fence), sweep: sweep, fence: fence) == 1
    }

    /// How far a sweep is; nil when there is none, or it has expired.
    package func sweep(_ id: String) async throws -> SweepProgress? {
        try check(id)
        return try await progress(id).first
    }

    /// All sweeps that have not expired, the newest first.
    package func sweeps() async throws -> [SweepProgress] { try await progress("") }

    /// The numbers of /v1/queue.
    ///
    /// Takes Redis time by the number of buckets with ready jobs.
    package func snapshot() async throws -> QueueSnapshot {
        let reply = try await run(QueueScript.snapshot, [String(settings.jobsInFlightPerBucket)])
        let numbers = (reply.elements ?? []).compactMap(\.number)
        guard numbers.count == 8 else { throw RedisError.unexpectedReply("snapshot: \(reply)") }
        var snapshot = QueueSnapshot()
        snapshot.ready = numbers[0]
        snapshot.due = numbers[1]
        snapshot.inFlight = numbers[2]
        snapshot.delayed = numbers[3]
        snapshot.suspect = numbers[4]
        snapshot.dead = numbers[5]
        snapshot.startable = numbers[6]
        snapshot.oldestReadySeconds = numbers[7]
        snapshot.sweeps = try await sweeps()
        return snapshot
    }

    private func progress(_ id: String) async throws -> [SweepProgress] {
        let reply = try await run(QueueScript.sweep, [id])
        guard let found = reply.elements else { throw RedisError.unexpectedReply("sweep: \(reply)") }
        return try found.map { entry in
            guard let parts = entry.elements, parts.count == 2, let id = parts[0].text, let fields = parts[1].dictionary
            else { throw RedisError.unexpectedReply("sweep: \(entry)") }
            return SweepProgress(id: id, fields: fields)
        }
    }
}
