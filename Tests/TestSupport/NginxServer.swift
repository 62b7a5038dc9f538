/// An nginx of a test's own, on a plain and, with an identity, on a TLS port of the loopback interface.
package struct NginxServer: Sendable {
    /// The plain port on 127.0.0.1.
    package let port: Int
    /// The TLS port on 127.0.0.1 where there is an identity; it offers HTTP/2 too, unless told otherwise.
    package let tlsPort: Int?

    /// Starts a server, lends it to `body` and stops it.
    ///
    /// `locations` are lines of its `server` block; what they do not name is served from the files of `directory`.
    package static func with<Result>(
        in directory: TemporaryDirectory,
        identity: CertificateAuthority.Identity? = nil,
        offersHTTP2: Bool = true,
        locations: [String],
        _ body: (NginxServer) async throws -> Result
    ) async throws -> Result {
        let listening = identity.map { TLSListening(identity: $0, offersHTTP2: offersHTTP2) }
        let (server, process) = try await start(in: directory, listening, locations)
        let outcome: Swift.Result<Result, any Error>
        do {
            outcome = .success(try await body(server))
        } catch {
            outcome = .failure(error)
        }
        try await process.kill()
        return try outcome.get()
    }

    private struct TLSListening {
        let identity: CertificateAuthority.Identity
        let offersHTTP2: Bool
    }

    /// Tries other ports when another process took one in between.
    private static func start(
        in directory: TemporaryDirectory,
        _ tls: TLSListening?,
        _ locations: [String]
    ) async throws -> (NginxServer, ServerProcess) {
        for _ in 0..<4 {
            do {
                return try await attempt(in: directory, tls, locations)
            } catch let error as ServerDidNotStart where error.description.contains("Address already in use") {
                continue
            }
        }
        return try await attempt(in: directory, tls, locations)
    }

    private static func attempt(
        in directory: TemporaryDirectory,
        _ tls: TLSListening?,
        _ locations: [String]
    ) async throws -> (NginxServer, ServerProcess) {
        let port = try FreePort.next()
        let tlsPort = try tls.map { _ in try FreePort.next() }
        var server = ["listen 127.0.0.1:\(port);", "root \(directory.path);"] + locations
        if let tls, let tlsPort {
            server += ["listen 127.0.0.1:\(tlsPort) ssl\(tls.offersHTTP2 ? " http2" : "");"]
            server += ["ssl_certificate \(tls.identity.certificateFile);"]
            server += ["ssl_certificate_key \(tls.identity.keyFile);"]
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
