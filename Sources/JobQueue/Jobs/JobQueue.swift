package import Redis

/// A fleet's jobs in Redis: their leases, their outcomes, and the dead letters among them.
///
/// Each function is one atomic script (claim and long enqueues are several), so a process may die at any point or
/// repeat a call. None retries by itself, and all throw `RedisError` when Redis cannot be asked.
package struct JobQueue: Sendable {
    let scripts: ScriptRunner
    /// The settings that this queue was made with.
    package let settings: QueueSettings

    /// Uses the queue of `fleet`; it begins to exist with the first write.
    package init(redis: any RedisScripting, fleet: String, settings: QueueSettings = .init()) {
        self.scripts = ScriptRunner(redis: redis, fleet: fleet)
        self.settings = settings
    }

    /// Adds the jobs that the sweep does not have yet, and returns how many were new.
    ///
    /// Repeating a failed call adds the rest. A closed sweep takes no more jobs.
    ///
    /// - Throws: `QueueError.fenced`, `QueueError.unknownSweep`.
    package func enqueue(_ jobs: [QueuedJob], in sweep: String, fence: Fence?) async throws -> Int {
        try scripts.check(sweep)
        var added = 0
        let chunk = max(1, settings.enqueueChunk)
        for start in stride(from: 0, to: jobs.count, by: chunk) {
            var arguments = [sweep] + Fence.arguments(fence)
            for job in jobs[start..<min(start + chunk, jobs.count)] {
                try scripts.check(job.bucket)
                arguments += [job.bucket, job.payload]
            }
            added += try await scripts.count(QueueScript.enqueue, arguments, sweep: sweep, fence: fence)
        }
        return added
    }

    /// Counts the jobs by state, for `/v1/queue`, and adds the progress of all sweeps.
    ///
    /// Redis needs time in proportion to the number of buckets with ready jobs.
    package func snapshot() async throws -> QueueSnapshot {
        let reply = try await scripts.run(QueueScript.snapshot, [String(settings.jobsInFlightPerBucket)])
        let numbers = (reply.elements ?? []).compactMap(\.number)
        guard numbers.count == 8 else { throw RedisError.unexpectedReply("snapshot: \(reply)") }
        var snapshot = QueueSnapshot()
        snapshot.ready = numbers[0]
        snapshot.due = numbers[1]
        snapshot.inFlight = numbers[2]
        snapshot.delayed = numbers[3]
        snapshot.quarantined = numbers[4]
        snapshot.dead = numbers[5]
        snapshot.startable = numbers[6]
        snapshot.oldestReadySeconds = numbers[7]
        snapshot.sweeps = try await SweepProgress.read("", scripts)
        return snapshot
    }
}
