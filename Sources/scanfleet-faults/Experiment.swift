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

    /// Jobs of which every other one takes leave for calls instead, as real jobs do: it needs Redis while it runs.
    static func callingJobs(_ count: Int, _ range: ClosedRange<Int>, _ random: inout SeededGenerator) -> [QueuedJob] {
        jobs(count, range, &random).enumerated().map { number, job in
            guard number.isMultiple(of: 2) else { return job }
            let calls = SyntheticJob.calls(number: number, count: 3, callsPerSecond: 0)
            return QueuedJob(bucket: job.bucket, payload: calls.payload)
        }
    }
}
