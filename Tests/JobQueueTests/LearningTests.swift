import JobQueue
import Redis
import TestSupport
import Testing

/// How the limiter finds a quota that nobody told it, in minutes that pass at once.
@Suite(.requires("redis-server"), .timeLimit(.minutes(2))) struct LearningTests {
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

    /// Calls as often as the limiter lets it, and is refused by a token bucket of one second's depth.
    private struct Caller {
        let fixture: QueueFixture
        var quota: Double
        private(set) var granted = 0.0
        private(set) var refused = 0.0
        private let began = ContinuousClock.now
        /// Seconds that were skipped.
        private var skipped = 0.0
        private var tokens: Double
        private var filled = 0.0

        init(_ fixture: QueueFixture, quota: Double) {
            self.fixture = fixture
            self.quota = quota
            tokens = quota
        }

        private var now: Double { (ContinuousClock.now - began) / .seconds(1) + skipped }

        mutating func forget() { (granted, refused) = (0, 0) }

        mutating func call(for seconds: Double) async throws {
            let end = now + seconds
            while now < end {
                let wait = try await fixture.queue.take(1, bucket: "a", operation: "list")
                if wait > .zero {
                    try await skip(wait / .seconds(1))
                } else if isGranted() {
                    granted += 1
                } else {
                    refused += 1
                    try await fixture.queue.penalize(bucket: "a", operation: "list")
                }
            }
        }

        private mutating func isGranted() -> Bool {
            tokens = min(quota, tokens + (now - filled) * quota)
            filled = now
            guard tokens >= 1 else { return false }
            tokens -= 1
            return true
        }

        /// Lets time pass by putting back what the limiter remembers of it.
        private mutating func skip(_ seconds: Double) async throws {
            skipped += seconds
            for field in ["seen", "tat", "cut"] {
                let shift = ["HINCRBYFLOAT", "{test}:b:a", "\(field):list", String(-seconds * 1e6)]
                _ = try await fixture.redis.send(shift)
            }
        }
    }
}
