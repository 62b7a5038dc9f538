internal import Cryptography

/// A Lua script and the SHA-1 by which the server knows it.
package struct RedisScript: Sendable, Hashable {
    /// A short name for logs and errors.
    package let name: String
    package let source: String
    /// What EVALSHA sends: the source's SHA-1 in hexadecimal digits.
    package let digest: String

    /// Wraps a script's source.
    package init(name: String, source: String) {
        self.name = name
        self.source = source
        self.digest = Hexadecimal.encode(SHA1.hash(Array(source.utf8)))
    }
}

/// What the queue needs of Redis: one atomic script a call; `RedisClient` is the real one.
package protocol RedisScripting: Sendable {
    /// Runs a script by EVALSHA, and by EVAL where the server does not know it yet.
    ///
    /// - Throws: `RedisError`.
    func evaluate(_ script: RedisScript, keys: [String], arguments: [String]) async throws -> RESPValue
    /// Runs a script once for each list of arguments, in this order, and answers in the same; a refusal of one is thrown
    /// when all have run.
    ///
    /// - Throws: `RedisError`.
    func evaluate(_ script: RedisScript, keys: [String], each arguments: [[String]]) async throws -> [RESPValue]
    /// Sends one plain command that does not block.
    ///
    /// - Throws: `RedisError`.
    func send(_ command: [String]) async throws -> RESPValue
}

extension RedisScripting {
    /// One call after the other, for those that cannot do better.
    package func evaluate(
        _ script: RedisScript,
        keys: [String],
        each arguments: [[String]]
    ) async throws -> [RESPValue] {
        var replies: [RESPValue] = []
        for some in arguments { replies.append(try await evaluate(script, keys: keys, arguments: some)) }
        return replies
    }
}
