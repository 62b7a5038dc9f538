import JobQueue
import Redis
import TestSupport
import Testing

@Suite(.requires("redis-server"), .timeLimit(.minutes(10))) struct ClaimTests {
    @Test func `A bucket with many jobs does not delay one with few`() async throws {
        try await QueueFixture.with { fixture in
            try await fixture.fill("s-1", buckets: ["large"], count: 100)
            try await fixture.fill("s-2", buckets: ["small"], count: 10)
            let jobs = try await fixture.queue.claim(worker: "w", limit: 20).jobs
            #expect(jobs.filter { $0.bucket == "small" }.count == 10)
            #expect(jobs.filter { $0.bucket == "large" }.count == 10)
        }
    }

    @Test func `Buckets take turns over many claims of one job, too`() async throws {
        try await QueueFixture.with { fixture in
            try await fixture.fill("s-1", buckets: ["a", "b", "c"], count: 20)
            var order: [String] = []
            for _ in 0..<30 {
                let jobs = try await fixture.queue.claim(worker: "w", limit: 1).jobs
                order += jobs.map(\.bucket)
            }
            for bucket in ["a", "b", "c"] { #expect(order.filter { $0 == bucket }.count == 10) }
        }
    }

    @Test func `A bucket's jobs come in the order of their enqueueing`() async throws {
        try await QueueFixture.with { fixture in
            try await fixture.fill("s-1", buckets: ["a"], count: 30)
            let jobs = try await fixture.queue.claim(worker: "w", limit: 30).jobs
            #expect(jobs.map(\.payload) == (0..<30).map { "a/\($0)" })
        }
    }

    @Test func `Work for now overtakes bulk work`() async throws {
        try await QueueFixture.with { fixture in
            try await fixture.fill("bulk-1", buckets: ["a", "b"], count: 10)
            try await fixture.fill("now-1", buckets: ["b"], count: 3, priority: .now)
            let jobs = try await fixture.queue.claim(worker: "w", limit: 5).jobs
            #expect(jobs.prefix(3).map(\.sweep) == ["now-1", "now-1", "now-1"])
            #expect(jobs.count == 5)
        }
    }

    @Test func `A bucket never has more jobs in flight than its cap`() async throws {
        try await QueueFixture.with(.quick { $0.jobsInFlightPerBucket = 4 }) { fixture in
            let queue = fixture.queue
            try await fixture.fill("s-1", buckets: ["a", "b"], count: 10)
            let jobs = try await queue.claim(worker: "w", limit: 50).jobs
            try #require(jobs.filter { $0.bucket == "a" }.count == 4)
            #expect(jobs.filter { $0.bucket == "b" }.count == 4)
            let claim = try await queue.claim(worker: "w", limit: 50)
            #expect(claim.jobs.isEmpty)
            #expect(claim.askAgainAfter > .zero)
            #expect(try await queue.settle(jobs[0], as: .completed()))
            let next = try await queue.claim(worker: "w", limit: 50).jobs
            #expect(next.map(\.bucket) == [jobs[0].bucket])
        }
    }

    @Test func `A bucket without tokens lies in the future while others are served`() async throws {
        let settings = QueueSettings.quick {
            $0.jobStartsPerSecond = 5
            $0.jobStartBurst = 2
        }
        try await QueueFixture.with(settings) { fixture in
            try await fixture.fill("s-1", buckets: ["a"], count: 10)
            let first = try await fixture.queue.claim(worker: "w", limit: 10)
            #expect(first.jobs.count == 2)
            #expect(first.askAgainAfter > .zero && first.askAgainAfter <= .milliseconds(200))
            try await fixture.fill("s-2", buckets: ["b"], count: 1)
            let second = try await fixture.queue.claim(worker: "w", limit: 10).jobs
            #expect(second.map(\.bucket).contains("b"))
        }
    }

    @Test func `An empty queue says when to ask again`() async throws {
        try await QueueFixture.with { fixture in
            let claim = try await fixture.queue.claim(worker: "w", limit: 10)
            #expect(claim.jobs.isEmpty)
            #expect(claim.askAgainAfter == fixture.queue.settings.idlePoll)
        }
    }

    @Test func `Tokens grow from lease to lease and stay exact in a double`() async throws {
        try await QueueFixture.with { fixture in
            try await fixture.fill("s-1", buckets: ["a", "b"], count: 50)
            var tokens: [Int] = []
            for _ in 0..<5 { tokens += try await fixture.queue.claim(worker: "w", limit: 20).jobs.map(\.token) }
            #expect(tokens.count == 100)
            #expect(zip(tokens, tokens.dropFirst()).allSatisfy(<))
            #expect(tokens.allSatisfy { $0 > 1_700_000_000_000_000 && $0 < 1 << 53 })
        }
    }

    @Test func `Tokens grow and time goes on when the server's clock steps back`() async throws {
        try await QueueFixture.with { fixture in
            // As if the server's clock were an hour fast, until it is put right.
            _ = try await fixture.redis.send(["HSET", "{test}:clock", "offset", "3600000000"])
            try await fixture.fill("s-1", buckets: ["a"], count: 2)
            let before = try #require(try await fixture.queue.claim(worker: "w", limit: 1).jobs.first)
            let outcome = JobOutcome.retry(after: .milliseconds(20), reason: "r", consumesTry: true)
            #expect(try await fixture.queue.settle(before, as: outcome))
            _ = try await fixture.redis.send(["HSET", "{test}:clock", "offset", "0"])

            let after = try #require(try await fixture.claimSoon().first)
            #expect(after.token > before.token)
            let retried = try #require(try await fixture.claimSoon().first)
            #expect(retried.token > after.token)
            #expect(retried.attempt == 2)
        }
    }
}
