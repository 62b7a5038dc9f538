import Redis
import TestSupport
import Testing

@Suite(.requires("redis-server"), .timeLimit(.minutes(10))) struct RedisScriptTests {
    private let script = RedisScript(name: "join", source: "return KEYS[1] .. ARGV[1] .. ARGV[2]")

    @Test func `A script is sent once and named by its digest afterwards`() async throws {
        try await withServerAndClient { _, client in
            for _ in 0..<3 {
                #expect(try await client.evaluate(script, keys: ["k"], arguments: ["a", "b"]) == .string("kab"))
            }
            let statistics = try await client.send(["INFO", "commandstats"]).text ?? ""
            #expect(statistics.contains("cmdstat_eval:calls=1,"))
            #expect(statistics.contains("cmdstat_evalsha:calls=3,"))
        }
    }

    @Test func `A server that forgot the script learns it again`() async throws {
        try await withServerAndClient { _, client in
            _ = try await client.evaluate(script, keys: ["k"], arguments: ["a", "b"])
            _ = try await client.send(["SCRIPT", "FLUSH"])
            #expect(try await client.evaluate(script, keys: ["k"], arguments: ["c", "d"]) == .string("kcd"))
        }
    }

    @Test func `Several calls of a script go in one write, and come in order, also to a server that forgot it`()
        async throws
    {
        try await withServerAndClient { _, client in
            let lists = [["a", "b"], ["c", "d"]]
            for _ in 0..<2 {
                let replies = try await client.evaluate(script, keys: ["k"], each: lists)
                #expect(replies == [.string("kab"), .string("kcd")])
                _ = try await client.send(["SCRIPT", "FLUSH"])
            }
            await #expect(throws: RedisError.self) {
                try await client.evaluate(script, keys: ["k"], each: [["a", "b"], ["c"]])
            }
        }
    }

    @Test func `A script's own error is a reply`() async throws {
        try await withServerAndClient { _, client in
            let failing = RedisScript(name: "fail", source: "return redis.error_reply('FENCED another leads')")
            await #expect(throws: RedisError.reply(code: "FENCED", message: "FENCED another leads")) {
                try await client.evaluate(failing, keys: [], arguments: [])
            }
        }
    }

    @Test func `The digest is the one that the server computes`() async throws {
        try await withServerAndClient { _, client async throws in
            #expect(try await client.send(["SCRIPT", "LOAD", script.source]) == .string(script.digest))
        }
    }
}
