import EventLoop
import HTTPTransport
import TestSupport
import Testing

@Suite(.requires("nginx", "openssl"), .timeLimit(.minutes(10))) struct HTTP2Tests {
    private static let large = String(repeating: "0123456789abcdef", count: 250_000)

    @Test func `HTTP/2 is spoken where TLS offers it, and HTTP/1.1 elsewhere`() async throws {
        try await withServer { server, configuration in
            let texts = try await withTransport(configuration) { transport, _ in
                let plain = HTTPRequest(method: "GET", url: "http://127.0.0.1:\(server.port)/protocol")
                return [
                    try await transport.client.send(server.get("/protocol")).text,
                    try await transport.client.send(plain).text,
                ]
            }
            #expect(texts == ["https HTTP/2.0", "http HTTP/1.1"])
        }
    }

    @Test func `A server without it is spoken to as ever, by many at once`() async throws {
        try await withServer(offersHTTP2: false) { server, configuration in
            let texts = try await withTransport(configuration) { transport, _ in
                try await answers(64, to: server.get("/protocol"), over: transport)
            }
            #expect(texts.count == 64)
            #expect(Set(texts) == ["https HTTP/1.1"])
        }
    }

    @Test func `Sixty-four requests at once share one connection`() async throws {
        try await withServer { server, configuration in
            let connections = try await withTransport(configuration) { transport, _ in
                let first = try await answers(64, to: server.get("/connection"), over: transport)
                return first + (try await answers(64, to: server.get("/connection"), over: transport))
            }
            #expect(connections.count == 128)
            #expect(Set(connections).count == 1)
        }
    }

    @Test func `No connection carries more than it may, and no more are opened than may be`() async throws {
        try await withServer(streams: 4) { server, configuration in
            var bounded = configuration
            bounded.maximumConnectionsPerHost = 16
            let connections = try await withTransport(bounded) { transport, _ in
                try await answers(64, to: server.get("/connection"), over: transport)
            }
            #expect(connections.count == 64)
            #expect((1...16).contains(Set(connections).count))
        }
    }

    @Test func `A request that is cancelled leaves the connection to the others`() async throws {
        try await withServer { server, configuration in
            let connections = try await withTransport(configuration) { transport, loop in
                let before = try await transport.client.send(server.get("/connection")).text
                let slow = Task { try await transport.client.send(server.get("/slow.txt")) }
                try await loop.sleep(for: .milliseconds(50))
                slow.cancel()
                await #expect(throws: CancellationError.self) { try await slow.value }
                return [before, try await transport.client.send(server.get("/connection")).text]
            }
            #expect(Set(connections).count == 1)
        }
    }

    /// The server reads each body before it answers: libcurl 7.88.1 takes an answer that comes earlier for a broken stream.
    @Test func `Bodies pass both ways, several at once`() async throws {
        try await withServer { server, configuration in
            let seen = try await withTransport(configuration) { transport, _ in
                try await withThrowingTaskGroup(of: String.self) { group in
                    for _ in 0..<8 {
                        group.addTask {
                            var upload = server.get("/length")
                            upload.method = "PUT"
                            upload.body = Array(repeating: 7, count: 50_000)
                            return try await transport.client.send(upload).text
                        }
                        group.addTask {
                            let body = try await transport.client.send(server.get("/large.txt")).body
                            return body == Array(Self.large.utf8) ? "equal" : "differs"
                        }
                    }
                    return try await group.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
                }
            }
            #expect(seen == ["50000": 8, "equal": 8])
        }
    }

    private func answers(_ count: Int, to request: HTTPRequest, over transport: CurlTransport) async throws -> [String]
    {
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<count { group.addTask { try await transport.client.send(request).text } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    private func withServer(
        offersHTTP2: Bool = true,
        streams: Int = 100,
        _ body: (NginxServer, CurlConfiguration) async throws -> Void
    ) async throws {
        try await TemporaryDirectory.with { directory in
            let authority = try await CertificateAuthority(in: directory)
            let identity = try await authority.issue("server", for: ["DNS:localhost"])
            for name in ["large.txt", "slow.txt"] { try directory.write(Self.large, to: name) }
            let locations = [
                "location = /protocol { return 200 \"$scheme $server_protocol\"; }",
                "location = /connection { return 200 \"$connection\"; }",
                "location = /length { client_body_buffer_size 64k; proxy_pass https://127.0.0.1:$server_port/counted; }",
                "location = /counted { return 200 \"$content_length\"; }",
                "location = /slow.txt { limit_rate 10k; }",
            ]
            let configuration = CurlConfiguration(
                certificateAuthorityFile: authority.certificateFile,
                version: .http2(streams: streams)
            )
            try await NginxServer.with(
                in: directory,
                identity: identity,
                offersHTTP2: offersHTTP2,
                locations: locations
            ) { server in
                try await body(server, configuration)
            }
        }
    }
}

extension NginxServer {
    fileprivate func get(_ path: String) -> HTTPRequest {
        HTTPRequest(method: "GET", url: "https://localhost:\(tlsPort ?? 0)\(path)")
    }
}
