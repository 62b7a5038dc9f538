internal import Redis

/// Runs the scripts and the plain commands of one fleet; the four types of this module share it.
///
/// Each call is one atomic step in Redis. None is repeated here, and all throw `RedisError` when Redis cannot be asked.
struct ScriptRunner: Sendable {
    let redis: any RedisScripting
    let keys: KeyLayout

    init(redis: any RedisScripting, fleet: String) {
        self.redis = redis
        self.keys = KeyLayout(fleet: fleet)
    }

    func send(_ command: [String]) async throws -> RESPValue { try await redis.send(command) }

    func run(_ script: RedisScript, _ arguments: [String]) async throws -> RESPValue {
        try await redis.evaluate(script, keys: [keys.prefix], arguments: arguments)
    }

    /// Runs a script once for each list of arguments, in one round trip.
    func run(_ script: RedisScript, each arguments: [[String]]) async throws -> [RESPValue] {
        try await redis.evaluate(script, keys: [keys.prefix], each: arguments)
    }

    /// Runs a script that returns a number; the negative ones are refusals that all scripts share.
    func count(
        _ script: RedisScript,
        _ arguments: [String],
        sweep: String = "",
        fence: Fence? = nil
    ) async throws -> Int {
        let reply = try await run(script, arguments)
        switch reply.number {
        case .some(-1): throw QueueError.fenced(role: fence?.role ?? "")
        case .some(-2): throw QueueError.unknownSweep(sweep)
        case .some(let number): return number
        case .none: throw RedisError.unexpectedReply("\(script.name): \(reply)")
        }
    }

    /// Refuses names that are empty or have white space, because blanks separate names in keys and members.
    func check(_ names: String...) throws(QueueError) {
        for name in names where name.isEmpty || name.contains(where: \.isWhitespace) {
            throw .invalidName(name)
        }
    }
}
