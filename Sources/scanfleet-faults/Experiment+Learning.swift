import EventLoop
import JobQueue
import Redis

/// Quotas that the fleet has to find.
extension Experiment {
    /// The fleet begins with 10 calls a second.
    ///
    /// The first quota grants half of that; all are halved in the middle.
    static let unknownQuotas = Experiment(number: "17", title: "quotas that nobody told", isShort: false) {
        verdict,
        conditions in
        let quotas = [5.0, 12, 40]
        try await Arena.with(seed: conditions.seed, loop: conditions.loop) { arena in
            try await arena.fill(calls(quotas, seconds: 330))
            for _ in 0..<2 { try arena.startWorker(["--concurrency", "24"]) }
            try await arena.until("calls are made") { try arena.diaries().contains { $0.event == .granted } }
            let began = wallClock()
            try await arena.loop.sleep(for: .seconds(180))
            let halved = wallClock()
            _ = try await arena.redis.send(["SET", QueueOptions.quotaShare, "0.5"])
            try await arena.loop.sleep(for: .seconds(150))
            let ended = wallClock()
            try await arena.sweeps.cancel(CoordinatorCommand.sweep)
            try await arena.untilComplete()
            try await arena.judge(&verdict)
            let diaries = try arena.diaries()
            verdict.notes.append("quota      calls/s  throttled")
            for quota in quotas {
                let seen = Calls(diaries, of: bucket(quota))
                verdict.expect(quota, seen.from(began + 60, to: halved), below: 0.01, "after a minute")
                // Of a few calls a second, those that the search costs are still some in a hundred.
                verdict.expect(
                    quota / 2,
                    seen.from(halved + 60, to: ended),
                    below: 0.05,
                    "a minute after it was halved"
                )
                let first = seen.from(began, to: began + 60)
                verdict.notes.append("\(quota) in its first minute: \(first)")
            }
            let retried = try await arena.sweeps.sweep(CoordinatorCommand.sweep)?.retried
            verdict.expect(retried == 0, "\(retried ?? -1) tries were consumed")
        }
    }

    private static func bucket(_ quota: Double) -> String { "quota\(Int(quota)):region" }

    /// Enough for as long as the quotas last, ten calls a job.
    private static func calls(_ quotas: [Double], seconds: Double) -> [QueuedJob] {
        quotas.flatMap { quota in
            (0..<Int(quota * seconds / 10)).map { number in
                let job = SyntheticJob.calls(number: number, count: 10, callsPerSecond: quota)
                return QueuedJob(bucket: bucket(quota), payload: job.payload)
            }
        }
    }
}

/// The calls of one bucket.
private struct Calls {
    /// What a time came to.
    struct Sum: CustomStringConvertible {
        var rate: Double
        var throttled: Double
        var description: String { "\(rate.rounded(places: 2)) calls/s  \((throttled * 100).rounded(places: 2)) %" }
    }

    private let entries: [EventLog.Entry]

    init(_ diaries: [EventLog.Entry], of bucket: String) {
        entries = diaries.filter { $0.payload == bucket && ($0.event == .granted || $0.event == .throttled) }
    }

    func from(_ start: Double, to end: Double) -> Sum {
        let some = entries.filter { $0.time >= start && $0.time < end }
        let granted = some.count { $0.event == .granted }
        return Sum(
            rate: Double(granted) / (end - start),
            throttled: Double(some.count - granted) / Double(max(1, some.count))
        )
    }
}

extension Verdict {
    fileprivate mutating func expect(_ quota: Double, _ sum: Calls.Sum, below limit: Double, _ when: String) {
        notes.append("\(quota) \(when): \(sum)")
        expect((0.9 * quota...1.01 * quota).contains(sum.rate), "\(when) the rate for \(quota) was \(sum.rate)")
        expect(sum.throttled < limit, "\(when) \(sum.throttled) of the calls for \(quota) were throttled")
    }
}
