internal import Redis

extension JobQueue {
    /// The newest dead letters.
    package func deadLetters(limit: Int) async throws -> [DeadLetter] {
        let reply = try await redis.send(["XREVRANGE", prefix + "dead", "+", "-", "COUNT", String(limit)])
        guard let entries = reply.elements else { throw RedisError.unexpectedReply("XREVRANGE: \(reply)") }
        return entries.compactMap(DeadLetter.init)
    }

    /// Gives dead letters another life and answers how many could have one; those of expired or stopped sweeps cannot.
    package func replay(_ ids: [String]) async throws -> Int {
        ids.isEmpty ? 0 : try await count(QueueScript.replay, ids)
    }
}
