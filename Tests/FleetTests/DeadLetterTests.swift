import EventLoop
import Foundation
import JobQueue
import Redis
import TestSupport
import Testing

/// `scanfleet dead` as an operator uses it.
@Suite(.serialized, .requires("redis-server"), .timeLimit(.minutes(30))) struct DeadLetterTests {
    private struct Letter: Decodable {
        var id: String
        var sweep: String
        var payload: String
        var reason: String
        var tries: Int
        var crashes: Int
    }

    /// Lends a fleet whose queue has given up as many jobs of two sweeps.
    private func withLetters(_ body: (Fleet, JobQueue) async throws -> Void) async throws {
        try await Fleet.with(endpoint: "http://127.0.0.1:1", keys: .init(id: "AKIDEXAMPLE", secret: "secret")) {
            fleet in
            let loop = try EventLoop()
            defer { loop.shutdown() }
            let configuration = try RedisConfiguration(
                url: "unix://\(fleet.redis.socketPath)",
                certificateAuthorityFile: nil
            )
            let redis = RedisClient(configuration: configuration, loop: loop)
            let queue = JobQueue(redis: redis, fleet: "scanfleet")
            let sweeps = SweepRegistry(redis: redis, fleet: "scanfleet")
            for sweep in ["collect-1", "scan-1"] {
                _ = try await sweeps.open(sweep, priority: .bulk, fence: nil)
                let jobs = (1...2).map {
                    QueuedJob(bucket: "210000000001:eu-west-1", payload: "210000000001/eu-west-1/team/app-\($0)")
                }
                _ = try await queue.enqueue(jobs, in: sweep, fence: nil)
                try await sweeps.close(sweep, fence: nil)
            }
            for job in try await queue.claim(worker: "w", limit: 4).jobs {
                _ = try await queue.settle(job, as: .discarded(reason: "no such\u{1B}[31m thing\nat all"))
            }
            let outcome = await Result.of { try await body(fleet, queue) }
            await redis.close()
            try outcome.get()
        }
    }

    private func letters(_ fleet: Fleet) async throws -> [Letter] {
        let listed = try await fleet.run("dead", "list", "--json")
        #expect(listed.status == 0, "\(listed.errors)")
        return try JSONDecoder().decode([Letter].self, from: Data(listed.output.utf8))
    }

    @Test func `Dead letters are listed for people and programs, and explained`() async throws {
        try await withLetters { fleet, _ in
            let letters = try await letters(fleet)
            #expect(letters.count == 4)
            #expect(Set(letters.map(\.sweep)) == ["collect-1", "scan-1"])
            let lines = try await fleet.run("dead", "list", "--limit", "3").output.split(separator: "\n")
            #expect(lines.count == 3)
            #expect(lines.allSatisfy { $0.contains("team/app-") && $0.contains("no such [31m thing at all") })
            let id = try #require(letters.first?.id)
            let shown = try await fleet.run("dead", "show", id)
            #expect(shown.status == 0)
            #expect(shown.output.contains("reason: no such [31m thing at all\n"))
            #expect(shown.output.contains("replay: scanfleet dead replay \(id)"))
        }
    }

    @Test func `Letters are replayed by id, by sweep and altogether`() async throws {
        try await withLetters { fleet, queue in
            let all = try await letters(fleet)
            let one = try #require(all.first { $0.sweep == "scan-1" })
            let first = try await fleet.run("dead", "replay", one.id)
            #expect(first.status == 0)
            #expect(first.output == "replayed 1 of 1\n")
            #expect(try await queue.snapshot().ready == 1)
            #expect(try await fleet.run("dead", "replay", "--sweep", "collect-1").output == "replayed 2 of 2\n")
            #expect(try await fleet.run("dead", "replay", "--all").output == "replayed 1 of 1\n")
            #expect(try await letters(fleet).isEmpty)
            #expect(try await queue.snapshot().ready == 4)
            let again = try await fleet.run("dead", "replay", one.id)
            #expect(again.status == 1, "it is not dead any more")
        }
    }

    @Test func `What cannot be replayed says why, and nonsense is wrong usage`() async throws {
        try await withLetters { fleet, queue in
            let letter = try #require(try await letters(fleet).first)
            // As if its retention had passed.
            let loop = try EventLoop()
            defer { loop.shutdown() }
            let url = "unix://\(fleet.redis.socketPath)"
            let redis = RedisClient(
                configuration: try RedisConfiguration(url: url, certificateAuthorityFile: nil),
                loop: loop
            )
            _ = try await redis.send(["DEL", "{scanfleet}:s:\(letter.sweep)", "{scanfleet}:st:\(letter.sweep)"])
            await redis.close()
            let shown = try await fleet.run("dead", "show", letter.id)
            #expect(shown.output.contains("replay: impossible, its sweep has expired"))
            let replayed = try await fleet.run("dead", "replay", letter.id)
            #expect(replayed.status == 1)
            #expect(replayed.output == "replayed 0 of 1\n")
            #expect(try await queue.deadLetters(limit: 10).count == 4, "it stays listed")
            #expect(try await fleet.run("dead", "show", "1-1").status == 1)
            #expect(try await fleet.run("dead", "show", "yesterday").status == 64)
            #expect(try await fleet.run("dead", "replay").status == 64)
            #expect(try await fleet.run("dead", "replay", "--all", letter.id).status == 64)
            #expect(try await fleet.run("dead", "list", "--limit", "0").status == 64)
        }
    }
}
