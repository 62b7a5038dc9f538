import EventLoop
import Redis
import Support
import TestSupport
import Testing

@Suite(.requires("redis-server"), .timeLimit(.minutes(10))) struct RedisAccessTests {
    @Test func `A password and a user of the URL are sent`() async throws {
        let options = RedisServer.Options(password: "p@ss word", user: (name: "fleet", password: "a/b"))
        try await RedisServer.with(options) { server in
            try await withClient(RedisConfiguration(url: "redis://:p%40ss%20word@127.0.0.1:\(server.port)")) {
                client async throws in
                #expect(try await client.send(["ACL", "WHOAMI"]) == .string("default"))
            }
            try await withClient(RedisConfiguration(url: "unix://fleet:a%2Fb@\(server.socketPath)")) {
                client async throws in
                #expect(try await client.send(["ACL", "WHOAMI"]) == .string("fleet"))
            }
        }
    }

    @Test func `A wrong or missing password is the server's refusal, which no retry can help`() async throws {
        try await RedisServer.with(RedisServer.Options(password: "right")) { server in
            try await withClient(RedisConfiguration(url: "redis://:wrong@127.0.0.1:\(server.port)")) { client in
                for _ in 0..<2 {
                    let error = await #expect(throws: RedisError.self) { try await client.send(["PING"]) }
                    #expect(error?.code == "WRONGPASS")
                    #expect(error?.disposition == .permanent)
                    #expect(error?.description.contains("wrong") == false)
                }
            }
            try await withClient(RedisConfiguration(url: server.url)) { client in
                let error = await #expect(throws: RedisError.self) { try await client.send(["PING"]) }
                #expect(error?.code == "NOAUTH")
            }
        }
    }
}

extension RedisError {
    var code: String? {
        if case .reply(let code, _) = self { code } else { nil }
    }
}
