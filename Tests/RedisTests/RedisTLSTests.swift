import Redis
import TestSupport
import Testing

@Suite(.requires("redis-server", "openssl"), .timeLimit(.minutes(10))) struct RedisTLSTests {
    /// Lends the TLS port of a server whose certificate has these names, and the file of its authority.
    private func withSecuredServer(
        certifiedFor names: [String],
        _ body: (_ port: Int, _ authority: String) async throws -> Void
    ) async throws {
        try await TemporaryDirectory.with { directory in
            let authority = try await CertificateAuthority(in: directory)
            let identity = try await authority.issue("server", for: names)
            try await RedisServer.with(RedisServer.Options(identity: identity)) { server in
                try await body(#require(server.tlsPort), authority.certificateFile)
            }
        }
    }

    @Test(arguments: [("localhost", "DNS:localhost"), ("127.0.0.1", "IP:127.0.0.1")])
    func `The certificate's name or address is accepted`(host: String, name: String) async throws {
        try await withSecuredServer(certifiedFor: [name]) { port, authority in
            let configuration = try RedisConfiguration(
                url: "rediss://\(host):\(port)",
                certificateAuthorityFile: authority
            )
            try await withClient(configuration) { client in
                let large = String(repeating: "x", count: 1_000_000)
                #expect(try await client.send(["SET", "key", large]) == .string("OK"))
                #expect(try await client.send(["GET", "key"]) == .string(large))
                let replies = try await client.pipeline((0..<1000).map { ["ECHO", "\($0)"] })
                #expect(replies == (0..<1000).map { .string("\($0)") })
            }
        }
    }

    @Test(arguments: [("localhost", "DNS:example.com"), ("127.0.0.1", "DNS:127.0.0.1"), ("localhost", "IP:127.0.0.1")])
    func `Another name or address is refused`(host: String, name: String) async throws {
        try await withSecuredServer(certifiedFor: [name]) { port, authority in
            let configuration = try RedisConfiguration(
                url: "rediss://\(host):\(port)",
                certificateAuthorityFile: authority
            )
            try await withClient(configuration) { client in
                let error = await #expect(throws: RedisError.self) { try await client.send(["PING"]) }
                #expect(error?.description.contains("mismatch") == true)
            }
        }
    }

    @Test func `An authority that is not trusted is refused`() async throws {
        try await withSecuredServer(certifiedFor: ["DNS:localhost"]) { port, _ in
            try await TemporaryDirectory.with { directory in
                let other = try await CertificateAuthority(named: "other", in: directory)
                for file in [other.certificateFile, nil] {
                    let configuration = try RedisConfiguration(
                        url: "rediss://localhost:\(port)",
                        certificateAuthorityFile: file
                    )
                    try await withClient(configuration) { client in
                        let error = await #expect(throws: RedisError.self) { try await client.send(["PING"]) }
                        #expect(error?.description.contains("is not trusted") == true)
                    }
                }
            }
        }
    }

    @Test func `A file of authorities that is not there fails every command and is named`() async throws {
        let configuration = try RedisConfiguration(
            url: "rediss://127.0.0.1",
            certificateAuthorityFile: "/nowhere/ca.pem"
        )
        try await withClient(configuration) { client in
            let error = await #expect(throws: RedisError.self) { try await client.send(["PING"]) }
            #expect(error?.description.contains("/nowhere/ca.pem") == true)
        }
    }

    @Test func `A server without TLS is not spoken to in clear`() async throws {
        try await RedisServer.with { server in
            // Redis waits for more of what it takes for a command, so only the time ends the attempt.
            var configuration = try RedisConfiguration(url: "rediss://127.0.0.1:\(server.port)")
            configuration.connectTimeout = .milliseconds(300)
            try await withClient(configuration) { client in
                await #expect(throws: RedisError.self) { try await client.send(["PING"]) }
            }
        }
    }
}
