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

    package func evaluate(
        _ script: RedisScript,
        keys: [String],
        each arguments: [[String]]
    ) async throws -> [RESPValue] {
        // All of a pipeline runs or all of it is unknown, because nobody makes a server forget scripts.
        let calls = arguments.map { ["EVALSHA", script.digest, String(keys.count)] + keys + $0 }
        var replies = try await pipeline(calls)
        if case .error(let text) = replies.first, text.hasPrefix("NOSCRIPT") {
            _ = try await send(["SCRIPT", "LOAD", script.source])
            replies = try await pipeline(calls)
        }
        for case .error(let text) in replies { throw RedisError(reply: text) }
        return replies
    }
}
