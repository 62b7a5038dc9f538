import EventLoop
import JobQueue
import Redis

/// Accounts that share the fleet.
extension Experiment {
    /// Nine accounts beside one that has ten times their jobs and a tenth of their rate.
    static let fairness = Experiment(number: "fairness", title: "a busy account beside nine", isShort: false) {
        verdict,
        conditions in
        let rate = 20.0
        try await Arena.with(seed: conditions.seed, loop: conditions.loop) { arena in
            let busy = "busy:region"
            for bucket in small { try await arena.teach(rate, bucket) }
            try await arena.teach(rate / 10, busy)
            for _ in 0..<2 { try arena.startWorker(["--concurrency", "64"]) }
            let alone = try await arena.race(1, rate)
            let crowd = (0..<600).map {
                QueuedJob(
                    bucket: busy,
                    payload: SyntheticJob.calls(number: $0, count: 5, callsPerSecond: rate / 10).payload
                )
            }
            try await arena.fill(crowd, sweep: "collect-busy")
            let together = try await arena.race(2, rate)
            try await arena.sweeps.cancel("collect-busy")
            try await arena.untilComplete("collect-busy")
            for sweep in ["collect-1", "collect-2", "collect-busy"] { try await arena.judge(&verdict, sweep: sweep) }
            let calls = try arena.diaries()
            let granted = calls.count {
                $0.event == .granted && $0.payload == busy && together.contains($0.time)
            }
            let share = Double(granted) / (rate / 10 * (together.upperBound - together.lowerBound))
            report(&verdict, alone, together, calls)
            verdict.notes.append("the busy account used \((share * 100).rounded(places: 1)) % of its quota meanwhile")
            verdict.expect(share >= 0.95, "the busy account used \(share) of its quota")
        }
    }

    /// Nine accounts beside one whose API never answers.
    static let hangingAccount = Experiment(number: "18", title: "one account's API hangs", isShort: false) {
        verdict,
        conditions in
        let rate = 20.0
        try await Arena.with(seed: conditions.seed, loop: conditions.loop) { arena in
            for bucket in small { try await arena.teach(rate, bucket) }
            for _ in 0..<2 { try arena.startWorker(["--concurrency", "64"]) }
            let alone = try await arena.race(1, rate)
            let hanging = (0..<300).map {
                QueuedJob(bucket: "hanging:region", payload: SyntheticJob.hang(number: $0).payload)
            }
            try await arena.fill(hanging, sweep: "collect-hanging")
            try await arena.until("the account hangs") { try await arena.inFlight("hanging:region") > 0 }
            let together = try await arena.race(2, rate)
            let held = try await arena.inFlight("hanging:region")
            try await arena.sweeps.cancel("collect-hanging")
            try await arena.untilComplete("collect-hanging")
            for sweep in ["collect-1", "collect-2", "collect-hanging"] { try await arena.judge(&verdict, sweep: sweep) }
            report(&verdict, alone, together, try arena.diaries())
            let cap = arena.options.settings.jobsInFlightPerBucket
            verdict.notes.append("the hanging account occupied \(held) slots of 128")
            verdict.expect(held <= cap, "\(held) jobs of the hanging account in flight, \(cap) are allowed")
        }
    }

    static let small = (1...9).map { "account\($0):region" }

    /// How long each of the nine took, with and without the other, and that nothing was refused.
    private static func report(
        _ verdict: inout Verdict,
        _ alone: ClosedRange<Double>,
        _ together: ClosedRange<Double>,
        _ calls: [EventLog.Entry]
    ) {
        func finished(_ race: ClosedRange<Double>) -> [Double] {
            small.map { bucket in
                let last = calls.last { $0.event == .granted && $0.payload == bucket && race.contains($0.time) }
                return (last?.time ?? race.upperBound) - race.lowerBound
            }
        }
        let (before, after) = (finished(alone), finished(together))
        verdict.notes.append("account   alone      together")
        for (bucket, (one, other)) in zip(small, zip(before, after)) {
            let name = bucket.prefix { $0 != ":" }
            verdict.notes.append("\(name)  \(one.rounded(places: 2)) s  \(other.rounded(places: 2)) s")
        }
        let slowdown = (after.max() ?? 0) / (before.max() ?? 1)
        let refused = calls.count { $0.event == .throttled }
        verdict.notes.append(
            "the nine took \(slowdown.rounded(places: 3)) times as long as by themselves; \(refused) refusals"
        )
        verdict.expect(slowdown <= 1.05, "the nine took \(slowdown) times as long")
        verdict.expect(refused == 0, "\(refused) calls were refused")
    }
}

extension Arena {
    /// Lets the limiter know a quota, as if it had learned it long ago.
    func teach(_ rate: Double, _ bucket: String) async throws {
        // 97 % of the knee is where the rate stays.
        let fields = [
            "knee:call", String(rate / 0.97), "base:call", String(rate), "hold:call", "1000000", "tat:call", "0",
        ]
        _ = try await redis.send(["HSET", key("b:\(bucket)")] + fields)
    }

    func inFlight(_ bucket: String) async throws -> Int {
        try await redis.send(["HGET", key("b:\(bucket)"), "inflight"]).text.flatMap { Int($0) } ?? 0
    }

    /// Lets the nine accounts make 600 calls each, and answers from when to when that took.
    func race(_ number: Int, _ rate: Double) async throws -> ClosedRange<Double> {
        let began = wallClock()
        let work = (0..<120).flatMap { job in
            Experiment.small.enumerated().map { place, bucket in
                let call = SyntheticJob.calls(
                    number: number * 10_000 + job * 10 + place,
                    count: 5,
                    callsPerSecond: rate
                )
                return QueuedJob(bucket: bucket, payload: call.payload)
            }
        }
        try await fill(work, sweep: "collect-\(number)")
        try await untilComplete("collect-\(number)", within: .seconds(180))
        return began...wallClock()
    }
}
