extension RedisClient: RedisScripting {
    package func send(_ command: [String]) async throws -> RESPValue {
        let replies = try await pipeline([command])
        if case .error(let text) = replies[0] { throw RedisError(reply: text) }
        return replies[0]
    }

    package func evaluate(_ script: RedisScript, keys: [String], arguments: [String]) async throws -> RESPValue {
        let operands = [String(keys.count)] + keys + arguments
        do {
            return try await send(["EVALSHA", script.digest] + operands)
        } catch RedisError.reply(code: "NOSCRIPT", message: _) {
            // EVAL also teaches the server the script, so this happens once a server's life.
            return try await send(["EVAL", script.source] + operands)
        }
    }
}
