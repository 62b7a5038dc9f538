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
    /// Sends one plain command that does not block.
    ///
    /// - Throws: `RedisError`.
    func send(_ command: [String]) async throws -> RESPValue
}
