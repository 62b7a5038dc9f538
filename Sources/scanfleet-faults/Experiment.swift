import EventLoop
import JobQueue

/// One fault, how it is injected, and what must hold afterwards.
struct Experiment: Sendable {
    /// What a run is given.
    struct Conditions: Sendable {
        var seed: UInt64
        var isShort: Bool
        let loop: EventLoop
    }

    let number: String
    let title: String
    /// Belongs to the short set.
    var isShort = true
    /// Is worth repeating with other seeds.
    var isRandom = false
    let run: @Sendable (inout Verdict, Conditions) async throws -> Void

    static let all = [
        kills, poison, unreadable, redisKilled, failover, readOnly, redisFrozen, frozenWorker, longJobs, wrongClocks,
        memoryFull, repliesLost, frozenLeader, coordinatorKilled, twoReleases, drain, unknownQuotas, hangingAccount,
        soak, fairness,
    ]

    /// Jobs of 20 buckets, each as long as `range` allows.
    static func jobs(_ count: Int, _ range: ClosedRange<Int>, _ random: inout SeededGenerator) -> [QueuedJob] {
        (0..<count).map { CoordinatorCommand.job($0, milliseconds: Int.random(in: range, using: &random)) }
    }
}
