import Redis
import TestSupport
import Testing

@Suite(.requires("redis-server"), .timeLimit(.minutes(10))) struct RedisClientTests {
    @Test func `Values come back as they were sent, whatever bytes the text has`() async throws {
        try await withServerAndClient { _, client async throws in
            for text in [
                "", "plain", "a\r\n$-1\r\n", "nul \0 inside", "Grüße 🐳", String(repeating: "x", count: 300_000),
            ] {
                #expect(try await client.send(["SET", "key \r\n", text]) == .string("OK"))
                #expect(try await client.send(["GET", "key \r\n"]) == .string(text))
            }
            #expect(try await client.send(["GET", "nothing"]) == .null)
            #expect(try await client.send(["STRLEN", "nothing"]) == .integer(0))
        }
    }

    @Test func `Nested arrays keep their shape`() async throws {
        try await withServerAndClient { _, client in
            let reply = try await client.send(["EVAL", "return {1, {'two', {3, false}}, {}}", "0"])
            #expect(
                reply
                    == .array([
                        .integer(1), .array([.string("two"), .array([.integer(3), .null])]), .array([]),
                    ])
            )
        }
    }

    @Test func `A pipeline answers in order, and a refusal inside spoils nothing`() async throws {
        try await withServerAndClient { _, client in
            let replies = try await client.pipeline([["SET", "a", "1"], ["LPUSH", "a", "x"], ["INCR", "a"]])
            #expect(replies.count == 3)
            #expect(replies.first == .string("OK"))
            #expect(replies.last == .integer(2))
            guard case .error(let text) = replies[1] else {
                Issue.record("no error: \(replies)")
                return
            }
            #expect(text.hasPrefix("WRONGTYPE"))
            #expect(try await client.pipeline([]) == [])
        }
    }

    @Test func `A thousand concurrent callers each get their own reply`() async throws {
        try await withServerAndClient { _, client in
            let wrong = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<1000 {
                    group.addTask { try await client.send(["ECHO", "\(number)"]) != .string("\(number)") }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(wrong == 0)
            let connections = try await client.send(["INFO", "stats"]).text
            #expect(connections?.contains("total_connections_received:1\r\n") == true)
        }
    }

    @Test func `A unix socket and a database are taken from the URL`() async throws {
        try await RedisServer.with { server in
            try await withClient(RedisConfiguration(url: "unix://\(server.socketPath)?db=3")) { client in
                _ = try await client.send(["SET", "here", "3"])
            }
            try await withClient(RedisConfiguration(url: "redis://localhost:\(server.port)/3")) { client async throws in
                #expect(try await client.send(["GET", "here"]) == .string("3"))
            }
            try await withClient(RedisConfiguration(url: server.url)) { client async throws in
                #expect(try await client.send(["GET", "here"]) == .null)
            }
        }
    }

    @Test func `A database that does not exist is the server's refusal`() async throws {
        try await RedisServer.with { server in
            try await withClient(RedisConfiguration(url: "\(server.url)/99")) { client in
                await #expect(throws: RedisError.reply(code: "ERR", message: "ERR DB index is out of range")) {
                    try await client.send(["PING"])
                }
            }
        }
    }

    @Test func `A cancelled caller stops waiting while the others get their replies`() async throws {
        try await withServerAndClient { server, client in
            _ = try await client.send(["SET", "key", "value"])
            await server.pause()
            let patient = Task { try await client.send(["GET", "key"]) }
            let impatient = Task { try await client.send(["GET", "key"]) }
            try await Task.sleep(for: .milliseconds(50))
            impatient.cancel()
            await #expect(throws: CancellationError.self) { try await impatient.value }
            await server.resume()
            #expect(try await patient.value == .string("value"))
            #expect(try await client.send(["ECHO", "next"]) == .string("next"))
        }
    }

    @Test func `A caller who is cancelled beforehand sends nothing`() async throws {
        try await withServerAndClient { _, client async throws in
            let task = Task {
                withUnsafeCurrentTask { task in task?.cancel() }
                return try await client.send(["SET", "key", "value"])
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await client.send(["GET", "key"]) == .null)
        }
    }

    @Test func `A closed client refuses, and fails those who wait`() async throws {
        try await withServerAndClient { server, client in
            _ = try await client.send(["PING"])
            await server.pause()
            let waiting = Task { try await client.send(["PING"]) }
            try await Task.sleep(for: .milliseconds(50))
            await client.close()
            await #expect(throws: RedisError.closed) { try await waiting.value }
            await #expect(throws: RedisError.closed) { try await client.send(["PING"]) }
            await client.close()
        }
    }
}
