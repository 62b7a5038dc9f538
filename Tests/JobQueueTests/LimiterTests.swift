import JobQueue
import Redis
import TestSupport
import Testing

@Suite(.requires("redis-server"), .timeLimit(.minutes(1))) struct LimiterTests {
    private static func settings(_ change: (inout LimiterSettings) -> Void = { _ in }) -> QueueSettings {
        .quick {
            $0.limiter.firstRate = 20
            $0.limiter.burst = .zero
            change(&$0.limiter)
        }
    }

    @Test func `The slowest buckets are found among all`() async throws {
        try await QueueFixture.with { fixture in
            for number in 0..<30 {
                #expect(try await fixture.queue.take(1, bucket: "b\(number)", operation: "list") == .zero)
            }
            // Another fleet on the same server.
            let other = JobQueue(redis: fixture.redis, fleet: "tes*", settings: .quick)
            #expect(try await other.take(1, bucket: "other", operation: "list") == .zero)
            try await fixture.queue.penalize(bucket: "b7", operation: "list")
            let slowest = try await fixture.queue.slowestRates(limit: 3)
            #expect(slowest.map(\.bucket) == ["b7", "b0", "b1"])
            #expect(slowest.map(\.cuts) == [1, 0, 0])
            #expect(try await other.slowestRates(limit: 3).map(\.bucket) == ["other"])
        }
    }

    @Test func `The spread of all buckets' rates, by operation`() async throws {
        try await QueueFixture.with { fixture in
            for number in 0..<250 {
                #expect(try await fixture.queue.take(1, bucket: "b\(number)", operation: "list") == .zero)
            }
            #expect(try await fixture.queue.take(1, bucket: "b0", operation: "scan") == .zero)
            try await fixture.queue.penalize(bucket: "b7", operation: "list")
            let spreads = try await fixture.queue.rateSpreads()
            #expect(Set(spreads.keys) == ["list", "scan"])
            let list = try #require(spreads["list"])
            #expect(list.lowest < list.median && list.median <= list.highest)
            #expect(spreads["scan"]?.lowest == spreads["scan"]?.highest)
        }
    }

    @Test func `Grants what the rate allows, and says how long to wait for more`() async throws {
        try await QueueFixture.with(Self.settings { $0.firstRate = 1 }) { fixture in
            let queue = fixture.queue
            #expect(try await queue.take(10, bucket: "a", operation: "list") == .zero)
            let wait = try await queue.take(1, bucket: "a", operation: "list")
            #expect(wait > .seconds(5) && wait <= .seconds(15))
            #expect(try await queue.take(1, bucket: "a", operation: "scan") == .zero)
            #expect(try await queue.take(1, bucket: "b", operation: "list") == .zero)
        }
    }

    @Test func `Never grants more than the rate over a time of full use`() async throws {
        try await QueueFixture.with(Self.settings { $0.ceiling = 20 }) { fixture in
            let clock = ContinuousClock()
            let start = clock.now
            var granted = 0
            while clock.now - start < .milliseconds(600) || granted < 2 && clock.now - start < .seconds(20) {
                let wait = try await fixture.queue.take(1, bucket: "a", operation: "list")
                if wait == .zero { granted += 1 } else { try await Task.sleep(for: .milliseconds(5)) }
            }
            #expect(granted >= 2)
            #expect(Double(granted) <= (clock.now - start) / .seconds(1) * 20 + 1)
        }
    }

    @Test func `A refusal cuts the rate by three tenths, refusals of the same moment once`() async throws {
        let settings = Self.settings {
            $0.samePenalty = .seconds(60)
            $0.pause = .seconds(60)
        }
        try await QueueFixture.with(settings) { fixture in
            let queue = fixture.queue
            for _ in 0..<10 { try await queue.penalize(bucket: "a", operation: "list") }
            let rates = try await queue.rates(of: "a")
            #expect(rates == [LearnedRate(bucket: "a", operation: "list", rate: 14, cuts: 1)])
            #expect(try await queue.take(1, bucket: "a", operation: "list") > .zero, "it pauses")
            #expect(try await queue.take(1, bucket: "a", operation: "scan") == .zero)
        }
    }

    @Test func `Refusals that go on cut down to the floor`() async throws {
        let settings = Self.settings {
            $0.samePenalty = .zero
            $0.floor = 5
        }
        try await QueueFixture.with(settings) { fixture in
            let queue = fixture.queue
            try await queue.penalize(bucket: "a", operation: "list")
            try await queue.penalize(bucket: "a", operation: "list")
            #expect(try await queue.rates(of: "a").map(\.rate) == [9.8])
            for _ in 0..<10 { try await queue.penalize(bucket: "a", operation: "list") }
            #expect(try await queue.rates(of: "a").map(\.rate) == [5])
        }
    }

    @Test func `The rate grows while it is used in full, up to its ceiling, and not while idle`() async throws {
        try await QueueFixture.with(Self.settings { $0.ceiling = 20.5 }) { fixture in
            let queue = fixture.queue
            #expect(try await queue.take(1, bucket: "a", operation: "idle") == .zero)
            for _ in 0..<200 where try await queue.rates(of: "a").last?.rate != 20.5 {
                _ = try await queue.take(1, bucket: "a", operation: "used")
                _ = try await queue.take(1, bucket: "a", operation: "used")
                // As if a tenth of a second had passed since.
                _ = try await fixture.redis.send(["HINCRBYFLOAT", "{test}:b:a", "seen:used", "-100000"])
                _ = try await fixture.redis.send(["HINCRBYFLOAT", "{test}:b:a", "tat:used", "-100000"])
            }
            _ = try await fixture.redis.send(["HINCRBYFLOAT", "{test}:b:a", "tat:idle", "-100000"])
            #expect(try await queue.take(1, bucket: "a", operation: "idle") == .zero)
            let rates = try await queue.rates(of: "a")
            #expect(rates.map(\.operation) == ["idle", "used"])
            #expect(rates.map(\.rate) == [20, 20.5])
        }
    }

    @Test func `A refusal moves the bucket back while others are served`() async throws {
        try await QueueFixture.with(Self.settings { $0.pause = .seconds(2) }) { fixture in
            let queue = fixture.queue
            try await fixture.fill("s-1", buckets: ["a", "b"], count: 2)
            let clock = ContinuousClock()
            let start = clock.now
            try await queue.penalize(bucket: "a", operation: "list")
            let claim = try await queue.claim(worker: "w", limit: 10)
            #expect(claim.jobs.map(\.bucket) == ["b", "b"])
            #expect(try await fixture.claimSoon().map(\.bucket) == ["a"])
            #expect(clock.now - start >= .seconds(2))
        }
    }
}
