import HTTPTransport
import Support
import TestSupport
import Testing

@Suite(.requires("nginx", "openssl"), .timeLimit(.minutes(10))) struct TLSTests {
    @Test func `A certificate of the trusted authority is accepted, by name and by address`() async throws {
        try await withServer { server, authority in
            try await withTransport(CurlConfiguration(certificateAuthorityFile: authority)) { transport, _ in
                for host in ["localhost", "127.0.0.1"] {
                    let response = try await transport.client.send(server.get("/protocol", host: host))
                    #expect(response.status == 200)
                    // HTTP/1.1, although the server offers HTTP/2.
                    #expect(response.text == "https HTTP/1.1")
                }
            }
        }
    }

    @Test func `Requests one after the other share one TLS connection`() async throws {
        try await withServer { server, authority in
            try await withTransport(CurlConfiguration(certificateAuthorityFile: authority)) { transport, _ in
                var connections: Set<String> = []
                for _ in 0..<30 {
                    connections.insert(try await transport.client.send(server.get("/connection")).text)
                }
                #expect(connections.count == 1)
            }
        }
    }

    @Test func `A connection that has closed is followed by one that takes up its TLS session`() async throws {
        try await withServer { server, authority in
            try await withTransport(CurlConfiguration(certificateAuthorityFile: authority)) { transport, _ in
                var words: [String] = []
                for _ in 0..<3 { words.append(try await transport.client.send(server.get("/resumed")).text) }
                #expect(words == [".", "r", "r"])
            }
        }
    }

    @Test func `Sixty-four requests at once need at most sixty-four connections, twice over`() async throws {
        try await withServer { server, authority in
            try await withTransport(CurlConfiguration(certificateAuthorityFile: authority)) { transport, _ in
                var connections: Set<String> = []
                for _ in 0..<2 {
                    connections.formUnion(
                        try await withThrowingTaskGroup(of: String.self) { group in
                            for _ in 0..<64 {
                                group.addTask { try await transport.client.send(server.get("/connection")).text }
                            }
                            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
                        }
                    )
                }
                #expect((1...64).contains(connections.count))
            }
        }
    }

    @Test func `Bodies of several megabytes pass both ways`() async throws {
        try await withServer { server, authority in
            try await withTransport(CurlConfiguration(certificateAuthorityFile: authority)) { transport, _ in
                var upload = server.get("/length")
                upload.method = "PUT"
                upload.body = Array(repeating: 7, count: 3_000_000)
                let stored = try await transport.client.send(upload)
                #expect(stored.text == "3000000")
                let download = try await transport.client.send(server.get("/large.txt"))
                #expect(download.body == Array(TLSTests.large.utf8))
            }
        }
    }

    @Test func `A certificate of an authority that is not trusted is refused for good`() async throws {
        try await TemporaryDirectory.with { directory in
            let stranger = try await CertificateAuthority(named: "stranger", in: directory).certificateFile
            try await withServer { server, _ in
                for file in [nil, stranger] {
                    try await expectRefusal(server.get("/protocol"), trusting: file)
                }
            }
        }
    }

    @Test func `A certificate for another host is refused for good`() async throws {
        try await withServer(names: ["DNS:other.example", "IP:127.0.0.2"]) { server, authority in
            for host in ["localhost", "127.0.0.1"] {
                try await expectRefusal(server.get("/protocol", host: host), trusting: authority)
            }
        }
    }

    @Test func `A file of authorities that does not exist is a wrong setting`() async throws {
        try await withServer { server, _ in
            let configuration = CurlConfiguration(certificateAuthorityFile: "/nonexistent/authority.pem")
            try await withTransport(configuration) { transport, _ in
                let error = await #expect(throws: HTTPTransportError.self) {
                    try await transport.client.send(server.get("/protocol"))
                }
                guard case .invalidRequest(let why)? = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
                #expect(why.contains("/nonexistent/authority.pem"))
            }
        }
    }

    @Test func `Speaking TLS to a plain port is a connection error`() async throws {
        try await withServer { server, authority in
            try await withTransport(CurlConfiguration(certificateAuthorityFile: authority)) { transport, _ in
                let request = HTTPRequest(method: "GET", url: "https://localhost:\(server.port)/protocol")
                let error = await #expect(throws: HTTPTransportError.self) { try await transport.client.send(request) }
                #expect(error?.disposition == .transient)
            }
        }
    }

    private func expectRefusal(_ request: HTTPRequest, trusting file: String?) async throws {
        try await withTransport(CurlConfiguration(certificateAuthorityFile: file)) { transport, _ in
            let error = await #expect(throws: HTTPTransportError.self) { try await transport.client.send(request) }
            guard case .untrustedCertificate(let why)? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(!why.isEmpty)
            #expect(error?.disposition == .permanent)
        }
    }

    private static let large = String(repeating: "0123456789abcdef", count: 250_000)

    /// Lends a server with a certificate for `names`, and the path of the authority that issued it.
    private func withServer(
        names: [String] = ["DNS:localhost", "IP:127.0.0.1"],
        _ body: (NginxServer, String) async throws -> Void
    ) async throws {
        try await TemporaryDirectory.with { directory in
            let authority = try await CertificateAuthority(in: directory)
            let identity = try await authority.issue("server", for: names)
            try directory.write(TLSTests.large, to: "large.txt")
            let locations = [
                "location = /protocol { return 200 \"$scheme $server_protocol\"; }",
                "location = /connection { return 200 \"$connection\"; }",
                "ssl_session_cache shared:sessions:1m;",
                "location = /resumed { keepalive_timeout 0; return 200 \"$ssl_session_reused\"; }",
                "location = /length { return 200 \"$content_length\"; }",
            ]
            try await NginxServer.with(in: directory, identity: identity, locations: locations) { server in
                try await body(server, authority.certificateFile)
            }
        }
    }
}

extension NginxServer {
    fileprivate func get(_ path: String, host: String = "localhost") -> HTTPRequest {
        HTTPRequest(method: "GET", url: "https://\(host):\(tlsPort ?? 0)\(path)")
    }
}
