internal import Cryptography

/// A Lua script and the SHA-1 by which the server knows it.
package struct RedisScript: Sendable, Hashable {
    /// A short name for logs and errors.
    package let name: String
    /// The Lua text, sent by EVAL or SCRIPT LOAD only to a server that does not know the script.
    package let source: String
    /// The source's SHA-1 in hexadecimal digits, which EVALSHA sends.
    package let digest: String

    /// Wraps a script's source.
    package init(name: String, source: String) {
        self.name = name
        self.source = source
        self.digest = Hexadecimal.encode(SHA1.hash(Array(source.utf8)))
    }
}

/// The part of Redis that the queue uses: atomic scripts and plain commands; implemented by `RedisClient`.
package protocol RedisScripting: Sendable {
    /// Runs a script by EVALSHA, and by EVAL where the server does not know it yet.
    ///
    /// - Throws: `RedisError`.
    func evaluate(_ script: RedisScript, keys: [String], arguments: [String]) async throws -> RESPValue
    /// Runs a script once for each list of arguments and returns the replies in the same order.
    ///
    /// An error reply of one is thrown only after all have run.
    ///
    /// - Throws: `RedisError`.
    func evaluate(_ script: RedisScript, keys: [String], each arguments: [[String]]) async throws -> [RESPValue]
    /// Sends one plain command that does not block.
    ///
    /// - Throws: `RedisError`.
    func send(_ command: [String]) async throws -> RESPValue
}

extension RedisScripting {
    /// Runs one call after the other; a client that can pipeline overrides it.
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
