package import Redis

/// A fleet's sweeps in Redis: opens, closes and cancels them, and reads their progress.
///
/// Each function is one atomic script that may be repeated. None retries by itself, and all throw `RedisError` when
/// Redis cannot be asked.
package struct SweepRegistry: Sendable {
    private let scripts: ScriptRunner
    private let retention: Duration

    /// Uses the sweeps of `fleet`; completed ones are kept for `QueueSettings.retention`.
    package init(redis: any RedisScripting, fleet: String, settings: QueueSettings = .init()) {
        self.scripts = ScriptRunner(redis: redis, fleet: fleet)
        self.retention = settings.retention
    }

    /// Opens a sweep; returns false, and changes nothing, when it exists already.
    ///
    /// `fence` is nil for ad-hoc work, which needs no leader.
    ///
    /// - Throws: `QueueError.fenced`.
    package func open(_ sweep: String, priority: QueuePriority, fence: Fence?) async throws -> Bool {
        try scripts.check(sweep)
        let seconds = String(max(1, retention.components.seconds))
        let arguments = [sweep, priority.rawValue, seconds] + Fence.arguments(fence)
        return try await scripts.count(QueueScript.open, arguments, fence: fence) == 1
    }

    /// Declares that everything is enqueued; the sweep completes with its last job, or at once when none is left.
    ///
    /// `run` is what `serverRun` returned before the first job was enqueued. When Redis has restarted or failed over
    /// since, its last writes may be lost: nothing is closed, the answer is false, and the caller has to enqueue again.
    /// A sweep that is closed has lost nothing, because a server only ever loses its latest writes.
    ///
    /// - Throws: `QueueError.fenced`, `QueueError.unknownSweep`.
    @discardableResult
    package func close(_ sweep: String, fence: Fence?, run: String? = nil) async throws -> Bool {
        try scripts.check(sweep)
        let arguments = [sweep] + Fence.arguments(fence) + [run ?? ""]
        return try await scripts.count(QueueScript.close, arguments, sweep: sweep, fence: fence) == 1
    }

    /// Returns the run id of the Redis server that answers; it changes with every restart and failover.
    package func serverRun() async throws -> String {
        let reply = try await scripts.send(["INFO", "server"])
        let line = reply.text?.split(whereSeparator: \.isNewline).first { $0.hasPrefix("run_id:") }
        guard let line else { throw RedisError.unexpectedReply("INFO: \(reply)") }
        return String(line.dropFirst("run_id:".count))
    }

    /// Cancels a sweep: no more of its jobs start, and running ones lose their leases at the next renewal.
    ///
    /// Waiting jobs are dropped as workers come across them; the sweep is complete when none is left. `fence` is nil
    /// when a person cancels.
    ///
    /// - Returns: whether this call cancelled it; false when it was complete or cancelled before.
    /// - Throws: `QueueError.fenced`, `QueueError.unknownSweep`.
    @discardableResult
    package func cancel(_ sweep: String, fence: Fence? = nil) async throws -> Bool {
        try scripts.check(sweep)
        let arguments = [sweep] + Fence.arguments(fence)
        return try await scripts.count(QueueScript.cancel, arguments, sweep: sweep, fence: fence) == 1
    }

    /// Returns the progress of one sweep; nil when it does not exist or has expired.
    package func sweep(_ id: String) async throws -> SweepProgress? {
        try scripts.check(id)
        return try await SweepProgress.read(id, scripts).first
    }

    /// Returns all sweeps that have not expired, the newest first.
    package func sweeps() async throws -> [SweepProgress] { try await SweepProgress.read("", scripts) }
}
