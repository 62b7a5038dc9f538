/// The address of Redis and the user to connect as; it prints without the password.
package struct RedisConfiguration: Sendable, Hashable {
    /// The two kinds of addresses.
    package enum Endpoint: Sendable, Hashable {
        /// A name or a numeric address, and a port.
        case tcp(host: String, port: Int)
        /// The path of a socket.
        case unix(path: String)
    }

    /// The arguments of AUTH.
    package struct Credentials: Sendable, Hashable {
        /// Nil for the default user.
        package let user: String?
        let password: String
    }

    /// The TLS settings of a connection.
    package struct Security: Sendable, Hashable {
        /// The PEM file of trusted authorities; nil for the system's.
        package let certificateAuthorityFile: String?
    }

    /// The server's address; a TCP name is resolved again for every connection attempt.
    package let endpoint: Endpoint
    /// The user and password that AUTH sends; nil sends no AUTH.
    package let credentials: Credentials?
    /// The database that SELECT chooses; with 0, the default, no SELECT is sent.
    package let database: Int
    /// Nil for a connection without TLS.
    package let security: Security?
    /// The limit for a new connection to become usable, and for a command to wait for one.
    package var connectTimeout: Duration = .seconds(5)
    /// How long the reply to a command may take.
    package var commandTimeout: Duration = .seconds(5)
}

extension RedisConfiguration: CustomStringConvertible {
    package var description: String {
        let scheme = security == nil ? "redis" : "rediss"
        let user = credentials.map { "\($0.user ?? ""):***@" } ?? ""
        switch endpoint {
        case .tcp(let host, let port):
            let shown = host.contains(":") ? "[\(host)]" : host
            return "\(scheme)://\(user)\(shown):\(port)/\(database)"
        case .unix(let path):
            return "unix://\(user)\(path)?db=\(database)"
        }
    }
}

extension RedisConfiguration: CustomDebugStringConvertible, CustomReflectable {
    /// The same text as `description`, without the password.
    package var debugDescription: String { description }
    /// Empty, so that `dump` does not find the password.
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension RedisConfiguration.Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "\(user ?? ""):***" }
    /// The same text as `description`, without the password.
    package var debugDescription: String { description }
    /// Empty, so that `dump` does not find the password.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
