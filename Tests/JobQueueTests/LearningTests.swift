import JobQueue
import Redis
import TestSupport
import Testing

/// How the limiter finds a quota that nobody told it, in minutes that pass at once on a clock of the test's own: every
/// run comes to the same figures, on whatever machine.
@Suite(.requires("redis-server"), .timeLimit(.minutes(10))) struct LearningTests {
    @Test(arguments: [4.0, 12, 40])
    func `A quota is found within a minute, then held within a tenth and rarely exceeded`(quota: Double) async throws {
        try await QueueFixture.with { fixture in
            var caller = Caller(fixture, quota: quota)
            try await caller.call(for: 60)
            caller.forget()
            try await caller.call(for: 300)
            #expect(caller.granted / 300 > 0.9 * quota)
            #expect(caller.granted / 300 < 1.05 * quota)
            #expect(caller.refused / (caller.granted + caller.refused) < 0.01)
        }
    }

    /// The goal in ops/guides/development.md: a sweep within 1.05 of what the quota allows, with less than one answer in a thousand a refusal.
    @Test(arguments: [2.0, 4, 12])
    func `A quota that was learned is used nearly in full, and hardly ever exceeded`(quota: Double) async throws {
        try await QueueFixture.with { fixture in
            var caller = Caller(fixture, quota: quota)
            try await caller.call(for: 600)
            caller.forget()
            try await caller.call(for: 1200)
            #expect(caller.granted / 1200 > quota / 1.05)
            #expect(caller.refused / (caller.granted + caller.refused) < 0.001)
        }
    }

    @Test func `A bucket that forgives nothing is not left far below its quota for good`() async throws {
        try await QueueFixture.with { fixture in
            var caller = Caller(fixture, quota: 5, depth: 0.2)
            try await caller.call(for: 600)
            caller.forget()
            try await caller.call(for: 600)
            #expect(caller.granted / 600 > 0.8 * 5)
            #expect(caller.refused / (caller.granted + caller.refused) < 0.002)
        }
    }

    @Test func `A quota that is halved is followed, and one that is doubled again too`() async throws {
        try await QueueFixture.with { fixture in
            var caller = Caller(fixture, quota: 20)
            try await caller.call(for: 60)
            caller.quota = 10
            try await caller.call(for: 60)
            caller.forget()
            try await caller.call(for: 60)
            #expect((9...10.5).contains(caller.granted / 60))
            #expect(caller.refused / (caller.granted + caller.refused) < 0.01)
            caller.quota = 20
            try await caller.call(for: 300)
            caller.forget()
            try await caller.call(for: 60)
            #expect((18...21).contains(caller.granted / 60))
        }
    }

    @Test(arguments: [0.01, 0.05, 0.1])
    func `Refusals that no rate mends do not wear the rate down, and hide no quota`(ambient: Double) async throws {
        try await QueueFixture.with { fixture in
            var caller = Caller(fixture, quota: 12, ambient: ambient)
            try await caller.call(for: 360)
            caller.forget()
            try await caller.call(for: 600)
            #expect(caller.granted / 600 > (0.85 - 2 * ambient) * 12)
            #expect(caller.refused / (caller.granted + caller.refused) < ambient + 0.05)
            caller.quota = 6
            try await caller.call(for: 60)
            caller.forget()
            try await caller.call(for: 240)
            #expect(caller.granted / 240 > (0.85 - 2 * ambient) * 6)
            #expect(caller.refused / (caller.granted + caller.refused) < ambient + 0.1)
        }
    }

    @Test func `A quota of one call a second is found without a storm of refusals`() async throws {
        try await QueueFixture.with { fixture in
            var caller = Caller(fixture, quota: 1)
            try await caller.call(for: 60)
            #expect(caller.refused < 30)
            caller.forget()
            try await caller.call(for: 600)
            #expect(caller.granted / 600 > 0.8)
            #expect(caller.refused / (caller.granted + caller.refused) < 0.08)
        }
    }

    /// Calls as often as the limiter lets it, and is refused by a token bucket.
    private struct Caller {
        private let clock: FalseClockRedis
        private let limiter: RateLimiter
        var quota: Double
        /// For how many seconds at its quota the token bucket holds, and at least for one call.
        let depth: Double
        /// The share of calls that is refused whatever the quota.
        let ambient: Double
        private var random = SeededGenerator(state: 7)
        private(set) var granted = 0.0
        private(set) var refused = 0.0
        private var tokens: Double
        private var filled: Double

        init(_ fixture: QueueFixture, quota: Double, depth: Double = 1, ambient: Double = 0) {
            clock = FalseClockRedis(fixture.redis)
            limiter = RateLimiter(redis: clock, fleet: "test", settings: fixture.queue.settings)
            self.depth = depth
            self.ambient = ambient
            self.quota = quota
            tokens = max(1, depth * quota)
            filled = clock.now
        }

        mutating func forget() { (granted, refused) = (0, 0) }

        mutating func call(for seconds: Double) async throws {
            let end = clock.now + seconds
            while clock.now < end {
                try await limiter.waitForPermit("list", bucket: "a", sleep: { clock.pass($0) })
                if isGranted() {
                    granted += 1
                } else {
                    refused += 1
                    try await limiter.reportThrottled(bucket: "a", operation: "list")
                }
            }
        }

        private mutating func isGranted() -> Bool {
            tokens = min(max(1, depth * quota), tokens + (clock.now - filled) * quota)
            filled = clock.now
            guard tokens >= 1, Double.random(in: 0..<1, using: &random) >= ambient else { return false }
            tokens -= 1
            return true
        }
    }
}
