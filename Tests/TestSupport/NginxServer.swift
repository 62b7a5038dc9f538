/// An nginx of a test's own, on a plain and, with an identity, on a TLS port of the loopback interface.
package struct NginxServer: Sendable {
    /// The plain port on 127.0.0.1.
    package let port: Int
    /// The TLS port on 127.0.0.1, which offers HTTP/2 too, where there is an identity.
    package let tlsPort: Int?

    /// Starts a server, lends it to `body` and stops it.
    ///
    /// - Parameter locations: what stands inside `server { }`; files are served from `directory` where it names none.
    package static func with<Result>(
        in directory: TemporaryDirectory,
        identity: CertificateAuthority.Identity? = nil,
        locations: [String],
        _ body: (NginxServer) async throws -> Result
    ) async throws -> Result {
        let (server, process) = try await start(in: directory, identity, locations)
        let outcome: Swift.Result<Result, any Error>
        do {
            outcome = .success(try await body(server))
        } catch {
            outcome = .failure(error)
        }
        try await process.kill()
        return try outcome.get()
    }

    /// Tries other ports when another process took one in between.
    private static func start(
        in directory: TemporaryDirectory,
        _ identity: CertificateAuthority.Identity?,
        _ locations: [String]
    ) async throws -> (NginxServer, ServerProcess) {
        for _ in 0..<4 {
            do {
                return try await attempt(in: directory, identity, locations)
            } catch let error as ServerDidNotStart where error.description.contains("Address already in use") {
                continue
            }
        }
        return try await attempt(in: directory, identity, locations)
    }

    private static func attempt(
        in directory: TemporaryDirectory,
        _ identity: CertificateAuthority.Identity?,
        _ locations: [String]
    ) async throws -> (NginxServer, ServerProcess) {
        let port = try FreePort.next()
        let tlsPort = try identity.map { _ in try FreePort.next() }
        var server = ["listen 127.0.0.1:\(port);", "root \(directory.path);"] + locations
        if let identity, let tlsPort {
            server += ["listen 127.0.0.1:\(tlsPort) ssl http2;"]
            server += ["ssl_certificate \(identity.certificateFile);", "ssl_certificate_key \(identity.keyFile);"]
        }
        let file = try directory.write(configuration(server, in: directory), to: "nginx.conf")
        let process = ServerProcess("nginx", ["-p", directory.path, "-e", "stderr", "-c", file]) {
            $0.contains("getrlimit")  // The last thing that it says, after it has begun to listen.
        }
        try await process.start()
        return (NginxServer(port: port, tlsPort: tlsPort), process)
    }

    /// One process that stays in the foreground, so that killing it leaves none behind.
    private static func configuration(_ server: [String], in directory: TemporaryDirectory) -> String {
        let paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map {
            "\($0)_temp_path \(directory.path)/\($0);"
        }
        let http = ["access_log off;", "keepalive_requests 100000;", "client_max_body_size 0;"] + paths
        return """
            daemon off;
            master_process off;
            pid \(directory.path)/nginx.pid;
            error_log stderr notice;
            events { worker_connections 1024; }
            http {
            \(http.joined(separator: "\n"))
            server {
            \(server.joined(separator: "\n"))
            }
            }

            """
    }
}
