internal import Redis

extension JobQueue {
    /// The newest dead letters, or the newest of those before another.
    package func deadLetters(limit: Int, before id: String? = nil) async throws -> [DeadLetter] {
        try await letters(["XREVRANGE", prefix + "dead", id.map { "(" + $0 } ?? "+", "-", "COUNT", String(limit)])
    }

    /// One dead letter; nil when there is none of that name.
    package func deadLetter(_ id: String) async throws -> DeadLetter? {
        try await letters(["XRANGE", prefix + "dead", id, id]).first
    }

    private func letters(_ command: [String]) async throws -> [DeadLetter] {
        let reply = try await redis.send(command)
        guard let entries = reply.elements else { throw RedisError.unexpectedReply("\(command[0]): \(reply)") }
        return entries.compactMap(DeadLetter.init)
    }

    /// Gives dead letters another life and answers how many could have one; those of expired or stopped sweeps cannot.
    package func replay(_ ids: [String]) async throws -> Int {
        ids.isEmpty ? 0 : try await replay(ids, "any")
    }

    /// Gives another life to letters that only the deaths of their workers wrote, each job once, alone in its worker.
    ///
    /// A rollout, or the kernel short of memory, kills what is innocent.
    /// Looks at up to 100 letters behind the one that an earlier call ended at (nil: from the oldest), and answers how many
    /// came back and where to go on; letters younger than `QueueSettings.revivalAge` wait for a later walk.
    package func reviveCrashed(after id: String?) async throws -> (revived: Int, last: String?) {
        let letters = try await letters(["XRANGE", prefix + "dead", id.map { "(" + $0 } ?? "-", "+", "COUNT", "100"])
        guard !letters.isEmpty else { return (0, nil) }
        let crashed = letters.filter { $0.tries == 0 && $0.crashes > 0 }.map(\.id)
        return (crashed.isEmpty ? 0 : try await replay(crashed, "crashed"), letters.last?.id)
    }

    /// Drops dead letters for good and answers how many there were; their sweeps count them as dead all the same.
    package func drop(_ ids: [String]) async throws -> Int {
        ids.isEmpty ? 0 : try await drop(ids, "any")
    }

    /// Drops letters older than `QueueSettings.letterAge` whose sweep has expired, so that nobody can replay them.
    ///
    /// Looks at up to 100 letters behind the one that an earlier call ended at (nil: from the oldest), and answers how many
    /// it dropped and where to go on.
    package func dropExpired(after id: String?) async throws -> (dropped: Int, last: String?) {
        let letters = try await letters(["XRANGE", prefix + "dead", id.map { "(" + $0 } ?? "-", "+", "COUNT", "100"])
        guard let last = letters.last else { return (0, nil) }
        return (try await drop(letters.map(\.id), "expired"), last.id)
    }

    private func drop(_ ids: [String], _ which: String) async throws -> Int {
        try await count(QueueScript.drop, [which, String(settings.letterAge.microseconds)] + ids)
    }

    private func replay(_ ids: [String], _ which: String) async throws -> Int {
        let settings = [String(settings.revivalAge.microseconds), String(settings.crashesBeforeSuspicion)]
        return try await count(QueueScript.replay, [which] + settings + ids)
    }
}
