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
            // EVAL also stores the script, so this happens once after each start of the server.
            return try await send(["EVAL", script.source] + operands)
        }
    }

    package func evaluate(
        _ script: RedisScript,
        keys: [String],
        each arguments: [[String]]
    ) async throws -> [RESPValue] {
        // NOSCRIPT answers either every call of the pipeline or none: the fleet never sends SCRIPT FLUSH.
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
