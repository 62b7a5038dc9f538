package import Redis

/// A fleet's queue in Redis.
///
/// Each function is one atomic script (claim and long enqueues are several), so processes may die or repeat a call at
/// any point. None retries by itself, and all throw `RedisError` when Redis cannot be asked.
package struct JobQueue: Sendable {
    let redis: any RedisScripting
    let prefix: String
    package let settings: QueueSettings

    /// Uses the queue of `fleet`, which is there as soon as somebody writes to it.
    package init(redis: any RedisScripting, fleet: String, settings: QueueSettings = .init()) {
        self.redis = redis
        self.prefix = "{\(fleet)}:"
        self.settings = settings
    }

    func run(_ script: RedisScript, _ arguments: [String]) async throws -> RESPValue {
        try await redis.evaluate(script, keys: [prefix], arguments: arguments)
    }

    /// Runs a script that answers a number; the negative ones are refusals that all scripts share.
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

    /// Names stand between blanks in the queue's keys and members.
    func check(_ names: String...) throws(QueueError) {
        for name in names where name.isEmpty || name.contains(where: \.isWhitespace) {
            throw .invalidName(name)
        }
    }
}
