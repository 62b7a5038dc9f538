package import Support

/// Why a command has no result.
package enum RedisError: Error, Hashable, Sendable {
    /// The connection could not be made or was lost; a command already sent may have taken effect.
    case connection(String)
    /// No reply came in time; the connection was closed and the command may have taken effect.
    case timedOut
    /// The server refused; `code` is the reply's first word, such as `READONLY`.
    case reply(code: String, message: String)
    /// A reply that the script's contract does not allow.
    case unexpectedReply(String)
    /// The client was closed.
    case closed
}

extension RedisError {
    /// Reads an error reply; before Redis 7 the code of a command inside a script is wrapped in an `ERR`.
    init(reply text: String) {
        let first = String(text.prefix { $0 != " " })
        let wrapped = first == "ERR" ? Self.passing.first { text.contains(" -\($0) ") } : nil
        self = .reply(code: wrapped ?? first, message: text)
    }

    /// Codes of passing states: the server starts, fails over, waits for its replicas or its disk, or is full.
    private static let passing: Set<String> = [
        "READONLY", "LOADING", "MASTERDOWN", "BUSY", "TRYAGAIN", "CLUSTERDOWN", "OOM", "NOREPLICAS", "MISCONF",
    ]

    /// Whether to leave this server: after a failover it is a replica, or a replica that lost its master.
    var meansWrongServer: Bool {
        if case .reply(let code, _) = self { code == "READONLY" || code == "MASTERDOWN" } else { false }
    }
}

extension RedisError: Classified {
    /// Transient for a lost connection, a time-out, or a server that is starting, failing over or full.
    package var disposition: Disposition {
        switch self {
        case .connection, .timedOut: .transient
        case .reply(let code, _): Self.passing.contains(code) ? .transient : .permanent
        case .unexpectedReply, .closed: .permanent
        }
    }
}

extension RedisError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .connection(let why): "Redis cannot be reached: \(why)"
        case .timedOut: "Redis did not reply in time"
        case .reply(_, let message): "Redis refused: \(message)"
        case .unexpectedReply(let what): "Redis replied what no script of ours replies: \(what)"
        case .closed: "the Redis client is closed"
        }
    }
}
