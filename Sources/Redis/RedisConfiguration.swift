/// Where Redis is and who we are there; it prints without the password.
package struct RedisConfiguration: Sendable, Hashable {
    /// The two kinds of places.
    package enum Endpoint: Sendable, Hashable {
        /// A name or a numeric address, and a port.
        case tcp(host: String, port: Int)
        /// The path of a socket.
        case unix(path: String)
    }

    /// What AUTH sends.
    package struct Credentials: Sendable, Hashable {
        /// Nil for the default user.
        package let user: String?
        let password: String
    }

    /// What secures a connection.
    package struct Security: Sendable, Hashable {
        /// The PEM file of trusted authorities; nil for the system's.
        package let certificateAuthorityFile: String?
    }

    package let endpoint: Endpoint
    package let credentials: Credentials?
    /// The number that SELECT sends where it is not 0.
    package let database: Int
    /// Nil for a connection in clear.
    package let security: Security?
    /// How long a connection may take to be usable, and a command may wait for one.
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
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension RedisConfiguration.Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "\(user ?? ""):***" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
