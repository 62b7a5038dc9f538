import FoundationEssentials
import TestSupport
import Testing

@Suite(.requires("redis-server"), .timeLimit(.minutes(10))) struct RedisServerTests {
    @Test func `A server lives as long as its closure`() async throws {
        let path = try await RedisServer.with { server in
            #expect(FileManager.default.fileExists(atPath: server.socketPath))
            return server.socketPath
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `A server that cannot start says why`() async throws {
        await #expect(throws: ServerDidNotStart.self) {
            try await RedisServer.with(RedisServer.Options(lines: ["nonsense yes"])) { _ in }
        }
    }
}
