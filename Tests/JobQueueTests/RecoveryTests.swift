import JobQueue
import Redis
import TestSupport
import Testing

@Suite(.requires("redis-server"), .timeLimit(.minutes(10))) struct RecoveryTests {
    @Test func `A silent worker's job runs elsewhere after its lease, and a late outcome is refused`() async throws {
        try await QueueFixture.with(.brief) { fixture in
            let queue = fixture.queue
            let sweeps = fixture.sweeps
            try await fixture.fill("s-1", buckets: ["a"], count: 1)
            let clock = ContinuousClock()
            let start = clock.now
            let lost = try #require(try await queue.claim(worker: "silent", limit: 1).jobs.first)
            let again = try #require(try await fixture.claimSoon(worker: "other").first)
            #expect(clock.now - start >= queue.settings.lease)
            #expect(again.payload == lost.payload)
            #expect(again.token > lost.token)
            #expect(again.attempt == 2)
            #expect(try await queue.renewLeases([lost], worker: "silent") == [lost])
            #expect(try await !queue.settle(lost, as: .completed(tallies: ["images": 1])))
            #expect(try await queue.settle(again, as: .completed(tallies: ["images": 1])))
            #expect(try await sweeps.sweep("s-1")?.recovered == 1)
            #expect(try await sweeps.sweep("s-1")?.tallies == ["images": 1])
            try await fixture.expectInvariants(of: "s-1")
        }
    }

    @Test func `Beats keep a job that is longer than its lease`() async throws {
        try await QueueFixture.with(.brief) { fixture in
            let queue = fixture.queue
            let sweeps = fixture.sweeps
            try await fixture.fill("s-1", buckets: ["a"], count: 3)
            let jobs = try await queue.claim(worker: "w", limit: 3).jobs
            for _ in 0..<20 {
                #expect(try await queue.renewLeases(jobs, worker: "w").isEmpty)
                #expect(try await queue.claim(worker: "other", limit: 3).jobs.isEmpty)
                try await Task.sleep(for: .milliseconds(50))
            }
            for job in jobs { #expect(try await queue.settle(job, as: .completed())) }
            #expect(try await sweeps.sweep("s-1")?.recovered == 0)
        }
    }

    @Test func `Nobody renews a lease of another worker`() async throws {
        try await QueueFixture.with(.brief) { fixture in
            try await fixture.fill("s-1", buckets: ["a"], count: 1)
            let jobs = try await fixture.queue.claim(worker: "w", limit: 1).jobs
            #expect(try await fixture.queue.renewLeases(jobs, worker: "other") == jobs)
            #expect(try await fixture.queue.renewLeases(jobs, worker: "w").isEmpty)
        }
    }

    @Test func `A claim that nobody confirms counts as no crash`() async throws {
        try await QueueFixture.with(.brief) { fixture in
            let queue = fixture.queue
            let sweeps = fixture.sweeps
            try await fixture.fill("s-1", buckets: ["a"], count: 1)
            let deaf = JobQueue(redis: WithoutBeats(redis: fixture.redis), fleet: "test", settings: queue.settings)
            for _ in 0..<4 {
                // A job that is claimed without being confirmed, and never heard of again.
                for _ in 0..<500 {
                    if try await !deaf.claim(worker: "w", limit: 1).jobs.isEmpty { break }
                    try await Task.sleep(for: .milliseconds(10))
                }
            }
            let job = try #require(try await fixture.claimSoon().first)
            #expect(job.attempt == 1)
            #expect(try await queue.settle(job, as: .completed()))
            #expect(try await sweeps.sweep("s-1")?.recovered == 4)
        }
    }

    @Test func `Where the leader asks, the only worker's jobs are back as soon as it is replaced`() async throws {
        // So long that only a silence of two seconds would pass for one of the server.
        try await QueueFixture.with(.quick { $0.lease = .seconds(4) }) { fixture in
            let queue = fixture.queue
            try await fixture.fill("s-1", buckets: ["a"], count: 1)
            #expect(try await queue.claim(worker: "dying", limit: 1).jobs.count == 1)
            let end = ContinuousClock.now + .milliseconds(4300)
            while .now < end {
                try await Task.sleep(for: .milliseconds(100))
                #expect(try await queue.claim(worker: "leader", limit: 0).jobs.isEmpty)
            }
            #expect(try await queue.claim(worker: "new", limit: 1).jobs.count == 1)
        }
    }

    @Test func `After a silence of the whole fleet live workers may renew before their jobs are taken`() async throws {
        try await QueueFixture.with(.brief) { fixture in
            let queue = fixture.queue
            try await fixture.fill("s-1", buckets: ["a"], count: 5)
            let jobs = try await queue.claim(worker: "w", limit: 5).jobs
            // As if Redis had been frozen for two leases.
            try await Task.sleep(for: queue.settings.lease * 2)
            #expect(try await queue.claim(worker: "other", limit: 5).jobs.isEmpty)
            #expect(try await queue.renewLeases(jobs, worker: "w").isEmpty)
        }
    }

    @Test func `Three deaths of its worker make a dead letter, and jobs beside it are spared`() async throws {
        try await QueueFixture.with(.quick { $0.lease = .milliseconds(100) }) { fixture in
            let queue = fixture.queue
            let sweeps = fixture.sweeps
            try await fixture.fill("s-1", buckets: ["a"], count: 10)
            var deaths = 0
            while try await sweeps.sweep("s-1")?.isComplete == false {
                // A worker that holds the poison dies with all that it holds; the next has another name.
                let jobs = try await fixture.claimSoon(worker: "w\(deaths)", limit: 4)
                if jobs.contains(where: { $0.payload == "a/0" }) {
                    deaths += 1
                    try await fixture.claimUntil { $0.inFlight == 0 }
                } else {
                    for job in jobs { #expect(try await queue.settle(job, as: .completed())) }
                }
            }
            #expect(deaths == 3)
            let letters = try await queue.deadLetters(limit: 10)
            #expect(letters.map(\.payload) == ["a/0"])
            #expect(letters.map(\.crashes) == [3])
            #expect(try await sweeps.sweep("s-1")?.done == 9)
            try await fixture.expectInvariants(of: "s-1")
        }
    }

    @Test func `A suspect runs alone in a worker that is idle, one at a time`() async throws {
        var settings = QueueSettings.brief
        settings.crashesBeforeQuarantine = 1
        try await QueueFixture.with(settings) { fixture in
            let queue = fixture.queue
            try await fixture.fill("s-1", buckets: ["a"], count: 3)
            _ = try await queue.claim(worker: "dying", limit: 3)
            try await fixture.claimUntil { $0.quarantined == 3 }
            let patient = fixture.queue(with: .quick)
            try await fixture.fill("s-2", buckets: ["b"], count: 10)

            let first = try #require(try await patient.claim(worker: "idle", limit: 10).jobs.only)
            #expect(first.sweep == "s-1" && first.attempt == 2)
            #expect(try await patient.claim(worker: "idle", limit: 10).jobs.isEmpty)
            let others = try await patient.claim(worker: "busy", limit: 4).jobs
            #expect(others.map(\.sweep) == ["s-2", "s-2", "s-2", "s-2"])
            #expect(try await patient.settle(first, as: .completed()))

            // The first to ask is the next to be alone, but only when it is idle; one that is idle goes before it.
            #expect(try await patient.claim(worker: "busy", limit: 4).jobs.isEmpty)
            let second = try #require(try await patient.claim(worker: "idle", limit: 4).jobs.only)
            #expect(try await patient.settle(second, as: .completed()))
            #expect(try await patient.claim(worker: "busy", limit: 4).jobs.isEmpty)
            for job in others { #expect(try await patient.settle(job, as: .completed())) }
            let third = try #require(try await patient.claim(worker: "busy", limit: 4).jobs.only)
            #expect(Set([first, second, third].map(\.payload)) == ["a/0", "a/1", "a/2"])
            #expect(try await patient.settle(third, as: .completed()))
            #expect(try await patient.claim(worker: "busy", limit: 4).jobs.count == 4)
        }
    }

    @Test func `A suspect that gets further is a suspect no more`() async throws {
        var settings = QueueSettings.brief
        settings.crashesBeforeQuarantine = 1
        try await QueueFixture.with(settings) { fixture in
            let queue = fixture.queue
            try await fixture.fill("s-1", buckets: ["a"], count: 1)
            _ = try await queue.claim(worker: "dying", limit: 1)
            let suspect = try #require(try await fixture.claimSoon().first)
            #expect(try await queue.settle(suspect, as: .released(cursor: nil)))
            #expect(try await queue.snapshot().quarantined == 1)
            let again = try #require(try await fixture.claimSoon().first)
            #expect(try await queue.settle(again, as: .released(cursor: "page 2")))
            #expect(try await queue.snapshot().quarantined == 0)
            #expect(try await fixture.claimSoon().map(\.attempt) == [1])
        }
    }
}

/// A connection that breaks whenever a beat is sent, so that no claim is ever confirmed.
private struct WithoutBeats: RedisScripting {
    let redis: any RedisScripting

    func evaluate(_ script: RedisScript, keys: [String], arguments: [String]) async throws -> RESPValue {
        guard script.name != "beat" else { throw RedisError.connection("cut") }
        return try await redis.evaluate(script, keys: keys, arguments: arguments)
    }

    func send(_ command: [String]) async throws -> RESPValue { try await redis.send(command) }
}

extension [LeasedJob] {
    /// The one element; nil when there are none or several.
    fileprivate var only: LeasedJob? { count == 1 ? first : nil }
}
