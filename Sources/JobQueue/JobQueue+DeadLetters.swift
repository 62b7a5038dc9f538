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
        ids.isEmpty ? 0 : try await count(QueueScript.replay, ids)
    }
}
