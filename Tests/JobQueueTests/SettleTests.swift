import JobQueue
import Redis
import TestSupport
import Testing

@Suite(.requires("redis-server"), .timeLimit(.minutes(10))) struct SettleTests {
    @Test func `The last job completes its sweep, once, with every job's tallies`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            let sweeps = fixture.sweeps
            try await fixture.fill("s-1", buckets: ["a"], count: 3)
            let jobs = try await queue.claim(worker: "w", limit: 3).jobs
            try #require(jobs.count == 3)
            for job in jobs {
                #expect(try await sweeps.sweep("s-1")?.isComplete == false)
                #expect(try await queue.settle(job, as: .completed(tallies: ["images": 2, "failed images": 0])))
            }
            #expect(try await !queue.settle(jobs[0], as: .completed(tallies: ["images": 2])))
            #expect(try await sweeps.sweep("s-1")?.tallies == ["images": 6, "failed images": 0])
            try await fixture.expectInvariants(of: "s-1")
        }
    }

    @Test func `A sweep completes only when it is closed`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            let sweeps = fixture.sweeps
            #expect(try await sweeps.open("s-1", priority: .bulk, fence: nil))
            #expect(try await queue.enqueue([QueuedJob(bucket: "a", payload: "1")], in: "s-1", fence: nil) == 1)
            let job = try #require(try await queue.claim(worker: "w", limit: 1).jobs.first)
            #expect(try await queue.settle(job, as: .completed()))
            #expect(try await sweeps.sweep("s-1")?.isComplete == false)
            try await sweeps.close("s-1", fence: nil)
            try await sweeps.close("s-1", fence: nil)
            try await fixture.expectInvariants(of: "s-1")
        }
    }

    @Test func `A sweep without jobs completes when it is closed`() async throws {
        try await QueueFixture.with { fixture in
            try await fixture.fill("s-1", buckets: [], count: 0)
            try await fixture.expectInvariants(of: "s-1")
        }
    }

    @Test func `A retry waits at least half as long as it may, twice as long after the next failure`() async throws {
        try await QueueFixture.with(.quick { $0.retryDelay = QueueSettings().retryDelay }) { fixture in
            try await fixture.fill("s-1", buckets: ["a"], count: 1)
            for seconds in [15.0, 30] {
                let job = try #require(try await fixture.claimSoon().first)
                #expect(try await fixture.queue.settle(job, as: .retry(after: nil, reason: "r", consumesTry: true)))
                let reply = try await fixture.redis.send(["ZRANGE", "{test}:dly", "0", "0", "WITHSCORES"]).elements
                let due = try #require(reply?.last?.text.flatMap { Double($0) })
                let time = try await fixture.redis.send(["TIME"]).elements?.first?.text.flatMap { Double($0) }
                let left = due / 1e6 - (try #require(time))
                #expect((seconds / 2 - 2...seconds + 1).contains(left), "\(left)")
                let member = try #require(reply?.first?.text)
                _ = try await fixture.redis.send(["ZADD", "{test}:dly", "XX", "0", member])
            }
        }
    }

    @Test func `A released job goes on first, from its cursor, and loses no try`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            try await fixture.fill("s-1", buckets: ["a"], count: 3)
            for round in 1...10 {
                let job = try #require(try await queue.claim(worker: "w", limit: 1).jobs.first)
                #expect(job.payload == "a/0")
                #expect(job.attempt == 1)
                #expect(job.cursor == (round == 1 ? nil : "page \(round - 1)"))
                #expect(try await queue.settle(job, as: .released(cursor: "page \(round)")))
            }
            #expect(try await queue.snapshot().ready == 3)
        }
    }

    @Test func `A retry waits for its time and then counts as the next attempt`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            let sweeps = fixture.sweeps
            try await fixture.fill("s-1", buckets: ["a"], count: 1)
            let first = try #require(try await queue.claim(worker: "w", limit: 1).jobs.first)
            let clock = ContinuousClock()
            let settled = clock.now
            let outcome = JobOutcome.retry(after: .seconds(2), reason: "r", consumesTry: true)
            #expect(try await queue.settle(first, as: outcome))
            let claim = try await queue.claim(worker: "w", limit: 1)
            #expect(claim.jobs.isEmpty)
            #expect(claim.askAgainAfter <= .milliseconds(2400))
            #expect(try await queue.snapshot().delayed == 1)
            let second = try #require(try await fixture.claimSoon().first)
            #expect(clock.now - settled >= .seconds(2))
            #expect(second.attempt == 2)
            #expect(try await sweeps.sweep("s-1")?.retried == 1)
        }
    }

    @Test func `Six failures make a dead letter with the last reason`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            let sweeps = fixture.sweeps
            try await fixture.fill("s-1", buckets: ["a"], count: 1)
            for attempt in 1...6 {
                let job = try #require(try await fixture.claimSoon().first)
                #expect(job.attempt == attempt)
                #expect(try await queue.settle(job, as: .retry(after: nil, reason: "no \(attempt)", consumesTry: true)))
            }
            let letters = try await queue.deadLetters(limit: 10)
            #expect(letters.map(\.reason) == ["no 6"])
            #expect(letters.map(\.tries) == [6])
            #expect(letters.map(\.payload) == ["a/0"])
            #expect(try await sweeps.sweep("s-1")?.retried == 5)
            try await fixture.expectInvariants(of: "s-1")
        }
    }

    @Test func `Throttling consumes no try`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            try await fixture.fill("s-1", buckets: ["a"], count: 1)
            for _ in 1...20 {
                let job = try #require(try await fixture.claimSoon().first)
                #expect(job.attempt == 1)
                let outcome = JobOutcome.retry(after: .milliseconds(1), reason: "throttled", consumesTry: false)
                #expect(try await queue.settle(job, as: outcome))
            }
            #expect(try await queue.snapshot().dead == 0)
        }
    }

    @Test func `A payload that its reader cannot decode is dead at once, with the reason`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            try await fixture.fill("s-1", buckets: ["a"], count: 1)
            let job = try #require(try await queue.claim(worker: "w", limit: 1).jobs.first)
            #expect(try await queue.settle(job, as: .discarded(reason: "no such job")))
            #expect(try await queue.deadLetters(limit: 10).map(\.reason) == ["no such job"])
            try await fixture.expectInvariants(of: "s-1")
        }
    }

    @Test func `Replayed letters run again and their sweep does not complete twice`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            let sweeps = fixture.sweeps
            try await fixture.fill("s-1", buckets: ["a"], count: 2)
            for job in try await queue.claim(worker: "w", limit: 2).jobs {
                #expect(try await queue.settle(job, as: .discarded(reason: "r")))
            }
            let completed = try await sweeps.sweep("s-1")?.completedAt
            let ids = try await queue.deadLetters(limit: 10).map(\.id)
            #expect(try await queue.replay(ids + ["0-1"]) == 2)
            #expect(try await queue.replay(ids) == 0)
            #expect(try await queue.deadLetters(limit: 10).isEmpty)
            #expect(try await sweeps.sweep("s-1")?.dead == 0)
            let jobs = try await queue.claim(worker: "w", limit: 2).jobs
            #expect(jobs.map(\.attempt) == [1, 1])
            for job in jobs { #expect(try await queue.settle(job, as: .completed())) }
            #expect(try await sweeps.sweep("s-1")?.done == 2)
            #expect(try await sweeps.sweep("s-1")?.completedAt == completed)
            try await fixture.expectInvariants(of: "s-1")
        }
    }

    @Test func `A complete sweep expires with its jobs, and its letters then cannot be replayed`() async throws {
        try await QueueFixture.with(.quick { $0.retention = .seconds(1) }) { fixture in
            let queue = fixture.queue
            let sweeps = fixture.sweeps
            try await fixture.fill("s-1", buckets: ["a"], count: 1)
            let job = try #require(try await queue.claim(worker: "w", limit: 1).jobs.first)
            #expect(try await queue.settle(job, as: .discarded(reason: "r")))
            for _ in 0..<500 where try await sweeps.sweep("s-1") != nil { try await Task.sleep(for: .milliseconds(10)) }
            #expect(try await sweeps.sweep("s-1") == nil)
            #expect(try await sweeps.sweeps().isEmpty)
            #expect(try await queue.replay(try await queue.deadLetters(limit: 1).map(\.id)) == 0)
            #expect(try await sweeps.open("s-2", priority: .bulk, fence: nil))
            #expect(try await sweeps.sweeps().map(\.id) == ["s-2"])
            #expect(try await fixture.redis.send(["ZCARD", "{test}:sweeps"]).number == 1)
        }
    }
}
