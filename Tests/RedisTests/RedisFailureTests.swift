import Redis
import Support
import TestSupport
import Testing

@Suite(.requires("redis-server"), .timeLimit(.minutes(10))) struct RedisFailureTests {
    @Test func `A killed connection fails the command in flight and the next one works`() async throws {
        try await withServerAndClient { _, client async throws in
            await #expect(throws: RedisError.self) {
                try await client.pipeline([
                    ["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "no"], ["DEBUG", "SLEEP", "1"], ["PING"],
                ])
            }
            #expect(try await client.send(["PING"]) == .string("PONG"))
        }
    }

    @Test func `A connection that was cut while idle is made anew without an error`() async throws {
        try await withServerAndClient { server, client in
            _ = try await client.send(["PING"])
            try await withClient(RedisConfiguration(url: server.url)) { other in
                _ = try await other.send(["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"])
            }
            try await Task.sleep(for: .milliseconds(50))
            #expect(try await client.send(["PING"]) == .string("PONG"))
        }
    }

    @Test func `A server's restart is survived`() async throws {
        try await withServerAndClient(RedisServer.Options(appendOnly: true)) { server, client in
            _ = try await client.send(["SET", "key", "value"])
            try await server.kill()
            let error = await #expect(throws: RedisError.self) { try await client.send(["GET", "key"]) }
            #expect(error?.disposition == .transient)
            try await server.start()
            #expect(try await client.send(["GET", "key"]) == .string("value"))
        }
    }

    @Test func `Where nobody listens, a command fails fast and names the place`() async throws {
        let port = try FreePort.next()
        try await withClient(RedisConfiguration(url: "redis://127.0.0.1:\(port)")) { client in
            for _ in 0..<3 {
                await #expect(throws: RedisError.connection("127.0.0.1:\(port): Connection refused")) {
                    try await client.send(["PING"])
                }
            }
        }
        try await withClient(RedisConfiguration(url: "unix:///nowhere/redis.sock")) { client in
            await #expect(throws: RedisError.connection("/nowhere/redis.sock: No such file or directory")) {
                try await client.send(["PING"])
            }
        }
    }

    @Test func `A name without an address is an error of the connection`() async throws {
        var configuration = try RedisConfiguration(url: "redis://no-such-host.invalid")
        // A name server that cannot be reached is asked several times, for seconds each.
        configuration.connectTimeout = .seconds(50)
        try await withClient(configuration) { client in
            let error = await #expect(throws: RedisError.self) { try await client.send(["PING"]) }
            #expect(error?.description.contains("no-such-host.invalid has no address") == true)
        }
    }

    @Test func `A frozen server times the command out, and the client recovers`() async throws {
        try await RedisServer.with { server in
            var configuration = try RedisConfiguration(url: server.url)
            configuration.commandTimeout = .milliseconds(300)
            try await withClient(configuration) { client in
                _ = try await client.send(["PING"])
                await server.pause()
                await #expect(throws: RedisError.timedOut) { try await client.send(["PING"]) }
                await server.resume()
                #expect(try await client.send(["PING"]) == .string("PONG"))
            }
        }
    }

    @Test func `A frozen server that needs a password gives no usable connection in time`() async throws {
        try await RedisServer.with(RedisServer.Options(password: "secret")) { server in
            var configuration = try RedisConfiguration(url: "redis://:secret@127.0.0.1:\(server.port)")
            configuration.connectTimeout = .milliseconds(300)
            await server.pause()
            try await withClient(configuration) { client async throws in
                let error = await #expect(throws: RedisError.self) { try await client.send(["PING"]) }
                #expect(error == .connection("127.0.0.1:\(server.port): no usable connection within 0.3 seconds"))
                #expect(error?.disposition == .transient)
                await server.resume()
                #expect(try await client.send(["PING"]) == .string("PONG"))
            }
        }
    }

    @Test func `A replica is left, since another server may be the master by now`() async throws {
        try await RedisServer.with { server in
            try await withServerAndClient { other, client in
                _ = try await client.send(["REPLICAOF", "127.0.0.1", "\(server.port)"])
                let error = await #expect(throws: RedisError.self) { try await client.send(["SET", "key", "value"]) }
                #expect(error?.disposition == .transient)
                _ = try await client.send(["REPLICAOF", "NO", "ONE"])
                #expect(try await client.send(["SET", "key", "value"]) == .string("OK"))
                let statistics = try await client.send(["INFO", "stats"]).text
                #expect(statistics?.contains("total_connections_received:2\r\n") == true)
            }
        }
    }

    @Test func `A server without room for another client is told apart from one that is gone`() async throws {
        try await RedisServer.with(RedisServer.Options(lines: ["maxclients 1"])) { server in
            try await withClient(RedisConfiguration(url: server.url)) { first in
                _ = try await first.send(["PING"])
                try await withClient(RedisConfiguration(url: server.url)) { second in
                    let error = await #expect(throws: RedisError.self) { try await second.send(["PING"]) }
                    #expect(error?.description.contains("max number of clients") == true)
                }
            }
        }
    }

    @Test func `More than the kernel takes at once arrives all the same`() async throws {
        try await withServerAndClient { _, client in
            let value = String(repeating: "x", count: 2_000_000)
            let replies = try await client.pipeline((0..<10).map { ["SET", "key\($0)", value] })
            #expect(replies == Array(repeating: .string("OK"), count: 10))
            let back = try await client.send(["MGET"] + (0..<10).map { "key\($0)" })
            #expect(back == .array(Array(repeating: .string(value), count: 10)))
        }
    }
}
