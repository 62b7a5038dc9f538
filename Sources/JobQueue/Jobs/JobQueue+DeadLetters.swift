internal import Redis

extension JobQueue {
    /// Returns up to `limit` dead letters, the newest first; with `before`, only those older than that id.
    package func deadLetters(limit: Int, before id: String? = nil) async throws -> [DeadLetter] {
        let start = id.map { "(" + $0 } ?? "+"
        return try await letters(["XREVRANGE", scripts.keys.deadLetters, start, "-", "COUNT", String(limit)])
    }

    /// Returns one dead letter; nil when it was replayed, dropped, or never existed.
    package func deadLetter(_ id: String) async throws -> DeadLetter? {
        try await letters(["XRANGE", scripts.keys.deadLetters, id, id]).first
    }

    /// Enqueues dead letters again with all of their tries, and returns how many; those of expired or cancelled sweeps
    /// stay.
    package func replay(_ ids: [String]) async throws -> Int {
        ids.isEmpty ? 0 : try await replay(ids, "any")
    }

    /// Replays, once and in isolation, dead letters caused only by worker crashes: a rollout or the OOM killer is not
    /// the job's fault.
    ///
    /// Reads up to 100 letters behind `id` (nil: from the oldest), and returns how many were replayed and the last
    /// letter read, from which the next call continues. Letters younger than `QueueSettings.crashReplayAge` stay for
    /// later.
    package func replayCrashed(after id: String?) async throws -> (replayed: Int, last: String?) {
        let letters = try await page(after: id)
        guard !letters.isEmpty else { return (0, nil) }
        let crashed = letters.filter { $0.tries == 0 && $0.crashes > 0 }.map(\.id)
        return (crashed.isEmpty ? 0 : try await replay(crashed, "crashed"), letters.last?.id)
    }

    /// Deletes dead letters and returns how many there were; their sweeps still count them as dead.
    package func drop(_ ids: [String]) async throws -> Int {
        ids.isEmpty ? 0 : try await drop(ids, "any")
    }

    /// Deletes letters that are older than `QueueSettings.deadLetterRetention` and whose sweep has expired, so that
    /// nobody can replay them.
    ///
    /// Reads up to 100 letters behind `id` (nil: from the oldest), and returns how many were deleted and the last
    /// letter read, from which the next call continues.
    package func dropExpired(after id: String?) async throws -> (dropped: Int, last: String?) {
        let letters = try await page(after: id)
        guard let last = letters.last else { return (0, nil) }
        return (try await drop(letters.map(\.id), "expired"), last.id)
    }

    private func page(after id: String?) async throws -> [DeadLetter] {
        try await letters(["XRANGE", scripts.keys.deadLetters, id.map { "(" + $0 } ?? "-", "+", "COUNT", "100"])
    }

    private func letters(_ command: [String]) async throws -> [DeadLetter] {
        let reply = try await scripts.send(command)
        guard let entries = reply.elements else { throw RedisError.unexpectedReply("\(command[0]): \(reply)") }
        return entries.compactMap(DeadLetter.init)
    }

    private func drop(_ ids: [String], _ which: String) async throws -> Int {
        try await scripts.count(QueueScript.drop, [which, String(settings.deadLetterRetention.microseconds)] + ids)
    }

    private func replay(_ ids: [String], _ which: String) async throws -> Int {
        let settings = [String(settings.crashReplayAge.microseconds), String(settings.crashesBeforeQuarantine)]
        return try await scripts.count(QueueScript.replay, [which] + settings + ids)
    }
}
