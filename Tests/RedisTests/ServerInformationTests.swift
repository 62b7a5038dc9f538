import Redis
import TestSupport
import Testing

@Suite(.requires("redis-server"), .timeLimit(.minutes(10))) struct ServerInformationTests {
    @Test func `A server tells its memory, its limit and the state of its log`() async throws {
        let options = RedisServer.Options(lines: ["appendonly yes", "maxmemory 100mb"])
        try await withServerAndClient(options) { _, client in
            let information = try await client.information()
            #expect(information.memoryLimit == 100 << 20)
            #expect((1..<information.memoryLimit).contains(information.memory))
            #expect(information.clients >= 1)
            #expect(information.isLogHealthy)
            #expect(information.evictedKeys == 0)
        }
    }

    @Test func `A log whose last write failed is not healthy, nor is none`() {
        let lines = ["aof_enabled:1", "aof_last_bgrewrite_status:ok", "aof_last_write_status:ok"]
        #expect(ServerInformation(lines.joined(separator: "\r\n")).isLogHealthy)
        for (number, broken) in [
            (0, "aof_enabled:0"), (1, "aof_last_bgrewrite_status:err"), (2, "aof_last_write_status:err"),
        ] {
            var changed = lines
            changed[number] = broken
            #expect(!ServerInformation(changed.joined(separator: "\r\n")).isLogHealthy)
        }
    }

    @Test func `What a server does not tell counts as nothing`() {
        let information = ServerInformation("# Memory\r\nused_memory:12\r\nmaxmemory:many\r\n:\r\n")
        #expect(information.memory == 12)
        #expect(information.memoryLimit == 0)
        #expect(information.logSize == 0)
    }
}
