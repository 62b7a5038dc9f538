/// A Redis server of a test's own, on a unix socket and a TCP port of the loopback interface.
package struct RedisServer: Sendable {
    /// What differs from a server without passwords, TLS and persistence.
    package struct Options: Sendable {
        /// The default user's password.
        package var password: String?
        /// A further user who may do everything.
        package var user: (name: String, password: String)?
        /// With an identity, the server also listens on a TLS port.
        package var identity: CertificateAuthority.Identity?
        /// Every write is on the disk before its reply, so that `restart` loses nothing.
        package var appendOnly = false
        /// Further lines of `redis.conf`.
        package var lines: [String] = []

        package init(
            password: String? = nil,
            user: (name: String, password: String)? = nil,
            identity: CertificateAuthority.Identity? = nil,
            appendOnly: Bool = false,
            lines: [String] = []
        ) {
            self.password = password
            self.user = user
            self.identity = identity
            self.appendOnly = appendOnly
            self.lines = lines
        }
    }

    /// The path of the unix socket.
    package let socketPath: String
    /// The plain TCP port on 127.0.0.1.
    package let port: Int
    /// The TLS port on 127.0.0.1 where there is an identity.
    package let tlsPort: Int?
    private let process: ServerProcess

    /// The plain server's URL, without credentials.
    package var url: String { "redis://127.0.0.1:\(port)" }

    /// Starts a server, lends it to `body` and kills it.
    @discardableResult
    package static func with<Result>(
        _ options: Options = Options(),
        _ body: (RedisServer) async throws -> Result
    ) async throws -> Result {
        try await TemporaryDirectory.with { directory in
            let server = try await start(options, in: directory)
            let outcome: Swift.Result<Result, any Error>
            do {
                outcome = .success(try await body(server))
            } catch {
                outcome = .failure(error)
            }
            try await server.kill()
            return try outcome.get()
        }
    }

    /// Kills the server with SIGKILL.
    package func kill() async throws { try await process.kill() }

    /// Starts a killed server again, on the same ports and with the same data.
    package func start() async throws { try await process.start() }

    /// Kills the server and starts it again.
    package func restart() async throws {
        try await process.kill()
        try await process.start()
    }

    /// Freezes the server; the kernel still accepts connections for it.
    package func pause() async { await process.pause() }

    /// Lets a frozen server go on.
    package func resume() async { await process.resume() }

    /// Tries other ports when another process took one in between.
    private static func start(_ options: Options, in directory: TemporaryDirectory) async throws -> RedisServer {
        for _ in 0..<4 {
            do {
                return try await attempt(options, in: directory)
            } catch let error as ServerDidNotStart where error.description.contains("already in use") {
                continue
            }
        }
        return try await attempt(options, in: directory)
    }

    private static func attempt(_ options: Options, in directory: TemporaryDirectory) async throws -> RedisServer {
        let port = try FreePort.next()
        let tlsPort = try options.identity.map { _ in try FreePort.next() }
        let socketPath = directory.file("redis.sock")
        var lines = options.configuration(port: port, tlsPort: tlsPort)
        lines += ["unixsocket \(socketPath)", "dir \(directory.path)"]
        let file = try directory.write(lines.joined(separator: "\n") + "\n", to: "redis.conf")
        let process = ServerProcess("redis-server", [file]) { $0.contains("Ready to accept connections") }
        try await process.start()
        return RedisServer(socketPath: socketPath, port: port, tlsPort: tlsPort, process: process)
    }
}

extension RedisServer.Options {
    fileprivate func configuration(port: Int, tlsPort: Int?) -> [String] {
        var result = ["bind 127.0.0.1", "port \(port)", "save \"\"", "daemonize no"]
        if let password { result.append("requirepass \"\(password)\"") }
        if let user { result.append("user \(user.name) on >\(user.password) ~* &* +@all") }
        if appendOnly { result += ["appendonly yes", "appendfsync always"] }
        if let identity, let tlsPort {
            result += ["tls-port \(tlsPort)", "tls-auth-clients no"]
            result += ["tls-cert-file \(identity.certificateFile)", "tls-key-file \(identity.keyFile)"]
        }
        return result + lines
    }
}
