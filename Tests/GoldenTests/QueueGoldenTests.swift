import EventLoop
import Foundation
import JobQueue
import Redis
import TestSupport
import Testing

/// Every key that the queue makes in Redis, with its type and content, as a real server holds it.
@Suite(.requires("redis-server"), .timeLimit(.minutes(10))) struct QueueGoldenTests {
    @Test func `The keys after each step of a tour`() async throws {
        try await RedisServer.with { server in
            let loop = try EventLoop()
            defer { loop.shutdown() }
            let configuration = try RedisConfiguration(url: server.url, certificateAuthorityFile: nil)
            let redis = RedisClient(configuration: configuration, loop: loop)
            let outcome: Result<String, any Error>
            do {
                outcome = .success(try await QueueTour(redis: redis).run())
            } catch {
                outcome = .failure(error)
            }
            await redis.close()
            try expectGolden(try outcome.get(), "Redis/keys.txt")
        }
    }

    /// What a script is given and what it touches; its comments and the names of its variables may change.
    @Test func `The words of every script`() throws {
        var text = ""
        for (name, script) in try Sources.texts(withExtension: "lua") {
            let code = script.split(separator: "\n").map { $0.replacing(/(^| )--.*/, with: "") }.joined(separator: "\n")
            text += "\(name)\n"
            for list in ["KEYS", "ARGV"] {
                let indices = try code.matches(of: Regex("\(list)\\[(\\d+)\\]", as: (Substring, Substring).self))
                text += "  highest of \(list): \(indices.compactMap { Int($0.output.1) }.max() ?? 0)\n"
            }
            let starts = code.matches(of: /for \w+ = (\d+), #ARGV, (\d+)/).map { "\($0.output.1) by \($0.output.2)" }
            text += "  lists in ARGV: \(starts.isEmpty ? "none" : starts.joined(separator: ", "))\n"
            let words = Set(code.matches(of: /"([^"\n]*)"/).map { "  \"\($0.output.1)\"\n" })
            text += words.sorted().joined()
        }
        try expectGolden(text, "Redis/scripts.txt")
    }
}

/// Takes jobs through every state, and writes down what Redis holds after each step.
private struct QueueTour {
    let redis: RedisClient
    let queue: JobQueue
    let sweeps: SweepRegistry
    let limiter: RateLimiter
    let leadership: LeaderLease
    /// Its leases end at once.
    let dying: JobQueue

    init(redis: RedisClient) {
        self.redis = redis
        var settings = QueueSettings()
        settings.crashesBeforeQuarantine = 1
        settings.jobStartsPerSecond = 100_000
        settings.jobStartBurst = 1000
        settings.lease = .seconds(3000)
        queue = JobQueue(redis: redis, fleet: "golden", settings: settings)
        sweeps = SweepRegistry(redis: redis, fleet: "golden", settings: settings)
        limiter = RateLimiter(redis: redis, fleet: "golden", settings: settings)
        leadership = LeaderLease(redis: redis, fleet: "golden")
        settings.lease = .milliseconds(1)
        dying = JobQueue(redis: redis, fleet: "golden", settings: settings)
    }

    func run() async throws -> String {
        var text = ""
        for (name, step) in steps {
            try await step()
            text += "# \(name)\n\(try await RedisText(redis: redis).all())\n"
        }
        return text
    }

    private var steps: [(String, () async throws -> Void)] {
        [
            ("a leader opens a sweep and adds jobs", open), ("jobs are claimed and end in every way", settle),
            ("a worker dies", die), ("the suspect runs alone", runAlone),
            ("dead letters are replayed and dropped", bury),
            ("the limiter grants and is refused", limit), ("the sweep is cancelled, the leader resigns", cancel),
        ]
    }

    private func open() async throws {
        let fence = try #require(try await leadership.lead("coordinator", holder: "pod-1", term: .seconds(3000)))
        #expect(try await sweeps.open("scan-1", priority: .bulk, fence: fence))
        let jobs = (0..<9).map { QueuedJob(bucket: "b", payload: "b/\($0)") }
        #expect(try await queue.enqueue(jobs, in: "scan-1", fence: fence) == 9)
        try await sweeps.close("scan-1", fence: fence)
    }

    private func settle() async throws {
        let jobs = try await queue.claim(worker: "w", limit: 6).jobs
        try #require(jobs.count == 6)
        let outcomes: [JobOutcome] = [
            .completed(tallies: ["images": 3]), .discarded(reason: "no way"),
            .retry(after: .seconds(3000), reason: "later", consumesTry: true),
            .retry(after: .seconds(3000), reason: "throttled", consumesTry: false), .released(cursor: "half"),
        ]
        for (job, outcome) in zip(jobs, outcomes) { #expect(try await queue.settle(job, as: outcome)) }
        #expect(try await queue.renewLeases([jobs[5]], worker: "w").isEmpty)
    }

    private func die() async throws {
        let jobs = try await dying.claim(worker: "dying", limit: 1).jobs
        // Heard of once: a lease that no worker ever confirmed is no crash.
        #expect(try await dying.renewLeases(jobs, worker: "dying").isEmpty)
        try await until {
            _ = try await queue.claim(worker: "looker", limit: 0)
            return try await queue.snapshot().quarantined == 1
        }
    }

    private func runAlone() async throws {
        #expect(try await sweeps.open("collect-now", priority: .now, fence: nil))
        #expect(try await queue.enqueue([QueuedJob(bucket: "c", payload: "c/0")], in: "collect-now", fence: nil) == 1)
        try await until { try await queue.claim(worker: "alone", limit: 1).jobs.contains { $0.payload == "b/4" } }
    }

    private func bury() async throws {
        let letters = try await queue.deadLetters(limit: 10)
        #expect(try await queue.replay(letters.map(\.id)) == 1)
        let job = try #require(try await queue.claim(worker: "w", limit: 1).jobs.first)
        #expect(try await queue.settle(job, as: .discarded(reason: "again")))
        #expect(try await sweeps.close("collect-now", fence: nil))
        #expect(try await queue.drop(try await queue.deadLetters(limit: 10).map(\.id)) == 1)
    }

    private func limit() async throws {
        _ = try await limiter.acquire(1, bucket: "b", operation: "list")
        try await limiter.reportThrottled(bucket: "b", operation: "list")
        _ = try await limiter.rates(of: "b")
    }

    private func cancel() async throws {
        #expect(try await sweeps.cancel("scan-1"))
        try await leadership.resign("coordinator", holder: "pod-1")
    }

    /// Repeats a look until it sees what it waits for.
    private func until(_ condition: () async throws -> Bool) async throws {
        for _ in 0..<10_000 {
            if try await condition() { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("it did not come to that")
    }
}

/// Redis' keys as text; times, and numbers that depend on them, are masked.
private struct RedisText {
    let redis: RedisClient

    func all() async throws -> String {
        var text = ""
        for key in try await strings(["KEYS", "*"]).sorted() {
            let type = try await redis.send(["TYPE", key]).text ?? "none"
            let seconds = try await redis.send(["TTL", key]).number ?? -1
            let life = seconds < 0 ? "for ever" : "\((seconds + 3599) / 3600) hours"
            text += "\(key) \(type) \(life)\n"
            for line in try await content(of: key, type) { text += "  \(Self.masked(line))\n" }
        }
        return text
    }

    private func content(of key: String, _ type: String) async throws -> [String] {
        switch type {
        case "hash":
            let parts = try await strings(["HGETALL", key])
            return stride(from: 0, to: parts.count, by: 2).map { index in
                let (field, value) = (parts[index], parts[index + 1])
                // What the limiter has learned hangs on how quick the machine is.
                return key.contains(":b:") && (field.contains(":") || field == "width")
                    ? "\(field) = learned" : "\(field) = \(value)"
            }.sorted()
        case "list": return try await strings(["LRANGE", key, "0", "-1"])
        case "zset": return try await strings(["ZRANGE", key, "0", "-1"]).sorted()
        case "set": return try await strings(["SMEMBERS", key]).sorted()
        case "stream":
            let entries = try await redis.send(["XRANGE", key, "-", "+"]).elements ?? []
            return entries.map { entry in
                (entry.elements?.last?.elements ?? []).compactMap(\.text).joined(separator: " ")
            }
        default: return [try await redis.send(["GET", key]).text ?? "nothing"]
        }
    }

    private func strings(_ command: [String]) async throws -> [String] {
        try await redis.send(command).elements?.compactMap(\.text) ?? []
    }

    private static func masked(_ line: String) -> String {
        line.replacing(/[0-9]{10,}(?:\.[0-9]+)?(?:-[0-9]+)?/, with: "TIME").replacing(/[0-9a-f]{40}/, with: "RUN")
    }
}
