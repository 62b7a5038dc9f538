internal import Redis

/// The progress of one sweep, as Redis holds it until the sweep's record expires.
package struct SweepProgress: Sendable, Hashable {
    /// The sweep's id, such as `collect-20260101T000000Z`.
    package var id: String
    /// Jobs enqueued so far; final once `isClosed`.
    package var total = 0
    /// Jobs that were completed.
    package var done = 0
    /// Jobs that became dead letters.
    package var dead = 0
    /// Jobs that the sweep's cancellation dropped.
    package var cancelled = 0
    /// Retries so far; a job counts once for each.
    package var retried = 0
    /// Expired leases that were reclaimed, usually because a worker died.
    package var recovered = 0
    /// Whether all of the sweep's jobs are enqueued.
    package var isClosed = false
    /// Whether the sweep was cancelled, so that no more of its jobs start.
    package var isStopped = false
    /// When it was opened, in seconds since 1970 of the server's clock.
    package var openedAt = 0.0
    /// When it first completed, in seconds since 1970 of the server's clock; replayed dead letters do not change it.
    package var completedAt: Double?
    /// The sums of the jobs' own counters, such as `gaps`; each job is counted once, when it completes.
    package var tallies: [String: Int] = [:]

    /// Whether the sweep is closed and each of its jobs is done, dead or cancelled.
    package var isComplete: Bool { completedAt != nil }
    /// Jobs that are not yet done, dead or cancelled.
    package var remaining: Int { total - done - dead - cancelled }

    /// Creates the progress of a sweep without jobs: all counters are 0.
    package init(id: String) { self.id = id }
}

extension SweepProgress {
    /// The counters of a sweep, by their names in Redis, in `/v1/queue` and in the order in which that shows them.
    package enum Counter: String, Sendable, CaseIterable {
        case total
        case done
        case dead
        case cancelled
        case retried
        case recovered
    }

    /// Reads or sets one counter.
    package subscript(counter: Counter) -> Int {
        get { self[keyPath: Self.path(of: counter)] }
        set { self[keyPath: Self.path(of: counter)] = newValue }
    }

    private static func path(of counter: Counter) -> WritableKeyPath<SweepProgress, Int> {
        switch counter {
        case .total: \.total
        case .done: \.done
        case .dead: \.dead
        case .cancelled: \.cancelled
        case .retried: \.retried
        case .recovered: \.recovered
        }
    }
}

extension SweepProgress {
    /// Reads one sweep, or all of them, newest first, when `id` is empty.
    static func read(_ id: String, _ scripts: ScriptRunner) async throws -> [SweepProgress] {
        let reply = try await scripts.run(QueueScript.sweep, [id])
        guard let found = reply.elements else { throw RedisError.unexpectedReply("sweep: \(reply)") }
        return try found.map { entry in
            guard let parts = entry.elements, parts.count == 2, let id = parts[0].text, let fields = parts[1].dictionary
            else { throw RedisError.unexpectedReply("sweep: \(entry)") }
            return SweepProgress(id: id, fields: fields)
        }
    }

    /// Reads the fields that open.lua documents, and ignores those of a newer version.
    private init(id: String, fields: [String: String]) {
        self.init(id: id)
        for counter in Counter.allCases { self[counter] = fields[counter.rawValue].flatMap { Int($0) } ?? 0 }
        isClosed = fields["closed"] == "1"
        isStopped = fields["stopped"] == "1"
        openedAt = fields["opened"].flatMap { Double($0) } ?? 0
        completedAt = fields["completed_at"].flatMap { Double($0) }
        for (name, value) in fields where name.hasPrefix("t:") {
            tallies[String(name.dropFirst(2))] = Int(value)
        }
    }
}
