/// The fields of Redis' INFO that show whether the server will keep the data it was given.
package struct ServerInformation: Sendable, Hashable {
    /// Bytes in use.
    package let memory: Int
    /// The most bytes that it may use; 0 is without limit.
    package let memoryLimit: Int
    /// Open client connections, ours included (`connected_clients`).
    package let clients: Int
    /// Commands since it started.
    package let commands: Int
    /// Keys evicted at the memory limit since the server started.
    package let evictedKeys: Int
    /// Bytes of the append-only file; 0 without one.
    package let logSize: Int
    /// Whether there is an append-only file, and its last write and its last rewrite succeeded.
    package let isLogHealthy: Bool

    /// Reads INFO's lines; a field that the server does not report counts as 0.
    package init(_ text: String) {
        var fields: [Substring: Substring] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { fields[parts[0]] = parts[1] }
        }
        func number(_ name: Substring) -> Int { fields[name].flatMap { Int($0) } ?? 0 }
        memory = number("used_memory")
        memoryLimit = number("maxmemory")
        clients = number("connected_clients")
        commands = number("total_commands_processed")
        evictedKeys = number("evicted_keys")
        logSize = number("aof_current_size")
        isLogHealthy =
            number("aof_enabled") == 1 && fields["aof_last_write_status"] == "ok"
            && fields["aof_last_bgrewrite_status"] == "ok"
    }
}

extension RedisScripting {
    /// Sends INFO.
    ///
    /// - Throws: `RedisError`, such as NOPERM where the user may not ask.
    package func information() async throws -> ServerInformation {
        let reply = try await send(["INFO"])
        guard let text = reply.text else { throw RedisError.unexpectedReply("INFO: \(reply)") }
        return ServerInformation(text)
    }
}
