import JobQueue
import Redis
import Synchronization
import TestSupport
import Testing

@Suite(.requires("redis-server"), .timeLimit(.minutes(10))) struct LimiterTests {
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
                #expect(try await fixture.limiter.acquire(1, bucket: "b\(number)", operation: "list") == .now)
            }
            // Another fleet on the same server.
            let other = RateLimiter(redis: fixture.redis, fleet: "tes*", settings: .quick)
            #expect(try await other.acquire(1, bucket: "other", operation: "list") == .now)
            try await fixture.refuse("b7")
            let slowest = try await fixture.limiter.slowestRates(limit: 3)
            #expect(slowest.map(\.bucket) == ["b7", "b0", "b1"])
            #expect(slowest.map(\.cuts) == [1, 0, 0])
            #expect(try await other.slowestRates(limit: 3).map(\.bucket) == ["other"])
        }
    }

    @Test func `The spread of all buckets' rates, by operation`() async throws {
        try await QueueFixture.with { fixture in
            for number in 0..<250 {
                #expect(try await fixture.limiter.acquire(1, bucket: "b\(number)", operation: "list") == .now)
            }
            #expect(try await fixture.limiter.acquire(1, bucket: "b0", operation: "scan") == .now)
            try await fixture.refuse("b7")
            let widespread = try await fixture.limiter.rateSpreads()
            #expect(Set(widespread.keys) == ["list", "scan"])
            let list = try #require(widespread["list"])
            #expect(list.lowest < list.median && list.median <= list.highest)
            #expect(widespread["scan"]?.lowest == widespread["scan"]?.highest)
        }
    }

    @Test func `Grants what the rate allows, and says how long to wait for more`() async throws {
        try await QueueFixture.with(Self.settings { $0.firstRate = 1 }) { fixture in
            let limiter = fixture.limiter
            #expect(try await limiter.acquire(10, bucket: "a", operation: "list") == .now)
            guard case .later(let wait) = try await limiter.acquire(1, bucket: "a", operation: "list") else {
                Issue.record("more was granted than was there")
                return
            }
            #expect(wait > .seconds(1) && wait <= .seconds(5), "whoever asks again may learn of another rate")
            #expect(try await limiter.acquire(1, bucket: "a", operation: "scan") == .now)
            #expect(try await limiter.acquire(1, bucket: "b", operation: "list") == .now)
        }
    }

    @Test func `Never grants more than the rate over a time of full use`() async throws {
        try await QueueFixture.with(Self.settings { $0.ceiling = 20 }) { fixture in
            let clock = ContinuousClock()
            let start = clock.now
            var granted = 0
            while clock.now - start < .milliseconds(600) || granted < 2 && clock.now - start < .seconds(20) {
                switch try await fixture.limiter.acquire(1, bucket: "a", operation: "list") {
                case .granted(let wait):
                    granted += 1
                    try await Task.sleep(for: wait)
                case .later(let wait): try await Task.sleep(for: wait)
                }
            }
            #expect(granted >= 2)
            #expect(Double(granted) <= (clock.now - start) / .seconds(1) * 20 + 1)
        }
    }

    @Test func `Whoever is near gets a time to go at, the others theirs to ask again, in their order`() async throws {
        try await QueueFixture.with(Self.settings { $0.firstRate = 0.5 }) { fixture in
            var answers: [Permit] = []
            for _ in 0..<6 { answers.append(try await fixture.limiter.acquire(1, bucket: "a", operation: "list")) }
            let granted = answers.compactMap { if case .granted(let wait) = $0 { wait } else { nil } }
            let later = answers.compactMap { if case .later(let wait) = $0 { wait } else { nil } }
            try #require(granted.count >= 2 && later.count >= 3, "\(answers)")
            #expect(granted == granted.sorted() && granted[0] == .zero && granted[1] > .milliseconds(500))
            #expect(later == later.sorted() && later[2] - later[0] > .milliseconds(500))
        }
    }

    @Test func `Refusals at once lower the rate to what passed, and those on their way count for nothing`() async throws
    {
        let settings = Self.settings {
            $0.samePenalty = .seconds(60)
            $0.pause = .seconds(60)
        }
        try await QueueFixture.with(settings) { fixture in
            let limiter = fixture.limiter
            for _ in 0..<3 { try await limiter.reportThrottled(bucket: "a", operation: "list") }
            #expect(try await limiter.rates(of: "a").map(\.cuts) == [0], "these may be chance")
            for _ in 0..<10 { try await limiter.reportThrottled(bucket: "a", operation: "list") }
            let rates = try await limiter.rates(of: "a")
            #expect(rates == [LearnedRate(bucket: "a", operation: "list", rate: 3.5, cuts: 1)])
            guard case .later = try await limiter.acquire(1, bucket: "a", operation: "list") else {
                Issue.record("it does not pause")
                return
            }
            #expect(try await limiter.acquire(1, bucket: "a", operation: "scan") == .now)
        }
    }

    @Test func `Refusals that go on cut down to the floor`() async throws {
        let settings = Self.settings {
            $0.samePenalty = .zero
            $0.floor = 5
        }
        try await QueueFixture.with(settings) { fixture in
            for _ in 0..<20 { try await fixture.limiter.reportThrottled(bucket: "a", operation: "list") }
            #expect(try await fixture.limiter.rates(of: "a").map(\.rate) == [5])
        }
    }

    @Test func `A slow quota lets only as many jobs start as it feeds`() async throws {
        try await QueueFixture.with(Self.settings { $0.firstRate = 1 }) { fixture in
            let queue = fixture.queue
            let limiter = fixture.limiter
            try await fixture.fill("s-1", buckets: ["a", "b"], count: 20)
            #expect(try await limiter.acquire(1, bucket: "a", operation: "list") == .now)
            #expect(try await queue.snapshot().startable == 22)
            let jobs = try await queue.claim(worker: "w", limit: 100).jobs
            #expect(jobs.count { $0.bucket == "a" } == 2)
            #expect(jobs.count { $0.bucket == "b" } == 20, "its rate is not known")
            let done = try #require(jobs.first { $0.bucket == "a" })
            #expect(try await queue.settle(done, as: .completed()))
            #expect(try await queue.claim(worker: "w", limit: 100).jobs.count == 1)
        }
    }

    @Test func `An operation that nobody asks for any more holds up no job`() async throws {
        try await QueueFixture.with(Self.settings { $0.firstRate = 1 }) { fixture in
            let limiter = fixture.limiter
            let settings = Self.settings { $0.firstRate = 50 }
            let faster = RateLimiter(redis: fixture.redis, fleet: "test", settings: settings)
            #expect(try await limiter.acquire(1, bucket: "a", operation: "list") == .now)
            #expect(try await faster.acquire(1, bucket: "a", operation: "scan") == .now)
            #expect(try await fixture.hash("b:a")["width"] == "2")
            _ = try await fixture.redis.send(["HINCRBYFLOAT", "{test}:b:a", "seen:list", "-11000000"])
            _ = try await faster.acquire(1, bucket: "a", operation: "scan")
            #expect(try await fixture.hash("b:a")["width"] == "100")
        }
    }

    @Test func `What is learned about a registry without jobs is forgotten after a month`() async throws {
        try await QueueFixture.with { fixture in
            #expect(try await fixture.limiter.acquire(1, bucket: "a", operation: "list") == .now)
            let left = try #require(try await fixture.redis.send(["TTL", "{test}:b:a"]).number)
            #expect(left > 2_500_000)
        }
    }

    @Test func `The rate grows while it is used in full, up to its ceiling, and not while idle`() async throws {
        try await QueueFixture.with(Self.settings { $0.ceiling = 20.5 }) { fixture in
            let limiter = fixture.limiter
            #expect(try await limiter.acquire(1, bucket: "a", operation: "idle") == .now)
            for _ in 0..<200 where try await limiter.rates(of: "a").last?.rate != 20.5 {
                _ = try await limiter.acquire(1, bucket: "a", operation: "used")
                _ = try await limiter.acquire(1, bucket: "a", operation: "used")
                // As if a tenth of a second had passed since.
                _ = try await fixture.redis.send(["HINCRBYFLOAT", "{test}:b:a", "seen:used", "-100000"])
                _ = try await fixture.redis.send(["HINCRBYFLOAT", "{test}:b:a", "tat:used", "-100000"])
            }
            _ = try await fixture.redis.send(["HINCRBYFLOAT", "{test}:b:a", "tat:idle", "-100000"])
            #expect(try await limiter.acquire(1, bucket: "a", operation: "idle") == .now)
            let rates = try await limiter.rates(of: "a")
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
            try await fixture.refuse("a")
            let claim = try await queue.claim(worker: "w", limit: 10)
            #expect(claim.jobs.map(\.bucket) == ["b", "b"])
            #expect(try await fixture.claimSoon().map(\.bucket) == ["a"])
            #expect(clock.now - start >= .seconds(2))
        }
    }
}

/// What waits for leave while Redis is in trouble.
@Suite struct LeaveTests {
    /// A server that refuses at first.
    private final class Troubled: RedisScripting {
        let faults: Mutex<[RedisError]>

        init(_ faults: [RedisError]) { self.faults = Mutex(faults) }

        func evaluate(_ script: RedisScript, keys: [String], arguments: [String]) async throws -> RESPValue {
            if let fault = faults.withLock({ $0.popLast() }) { throw fault }
            return .array([.integer(1), .integer(0)])
        }

        func send(_ command: [String]) async throws -> RESPValue { throw RedisError.closed }
    }

    @Test func `What goes by is waited out, and told once`() async throws {
        let faults: [RedisError] = [
            .reply(code: "READONLY", message: "READONLY"), .reply(code: "LOADING", message: "LOADING"), .timedOut,
            .reply(code: "NOREPLICAS", message: "NOREPLICAS"), .connection("reset"),
        ]
        let limiter = RateLimiter(redis: Troubled(faults), fleet: "test")
        var told = 0
        var waits = 0
        try await limiter.waitForPermit("list", bucket: "a", sleep: { _ in waits += 1 }, delayed: { _ in told += 1 })
        #expect(waits == faults.count)
        #expect(told == 1)
    }

    @Test func `What no attempt can mend, and cancellation, end it`() async throws {
        let refused = RedisError.reply(code: "NOAUTH", message: "NOAUTH")
        await #expect(throws: refused) {
            try await RateLimiter(redis: Troubled([refused]), fleet: "test").waitForPermit(
                "list",
                bucket: "a",
                sleep: { _ in }
            )
        }
        await #expect(throws: CancellationError.self) {
            try await RateLimiter(redis: Troubled([.timedOut]), fleet: "test").waitForPermit("list", bucket: "a") { _ in
                throw CancellationError()
            }
        }
    }
}

extension Permit {
    fileprivate static let now = Permit.granted(after: .zero)
}

extension QueueFixture {
    /// Refuses calls until that cannot be chance.
    fileprivate func refuse(_ bucket: String) async throws {
        for _ in 0..<4 { try await limiter.reportThrottled(bucket: bucket, operation: "list") }
    }
}
