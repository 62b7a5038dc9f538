import EventLoop
import JobQueue
import Redis

/// Everything at once, for long.
extension Experiment {
    static let soak = Experiment(number: "23", title: "soak with a random mix", isShort: false) { verdict, conditions in
        try await Arena.with(seed: conditions.seed, loop: conditions.loop) { arena in
            arena.options.lease = 1500
            // Longer than any pause of Redis, so that a completion is seen.
            arena.options.retention = 8
            for _ in 0..<4 { try arena.startWorker() }
            var memory: [Int] = []
            let end = ContinuousClock.now + .seconds(conditions.isShort ? 20 : 240)
            while ContinuousClock.now < end || memory.count < 3 {
                let sweep = "collect-\(memory.count + 1)"
                try await arena.fill(mixed(300, sweep, &arena.random), sweep: sweep)
                try await arena.untilComplete(sweep, every: .milliseconds(300), within: .seconds(120)) {
                    try await arena.disturb()
                }
                try await arena.judge(&verdict, sweep: sweep, diaries: false)
                try await arena.until("the sweep has expired") { try await arena.sweeps.sweep(sweep) == nil }
                try await arena.expectKnownKeys(&verdict)
                memory.append(try await arena.memoryOfJobs())
            }
            try arena.judgeDiaries(&verdict)
            // The first round fills what grows once, such as the buckets' records.
            let (early, late) = (memory[1], memory.suffix(memory.count / 2).min() ?? 0)
            verdict.notes.append(
                "\(memory.count) sweeps; Redis held \(early / 1024) KiB after the second, then \(late / 1024)"
            )
            verdict.expect(Double(late) < Double(early) * 1.1, "memory grew from \(early) to \(late) bytes")
        }
    }

    private static func mixed(_ count: Int, _ sweep: String, _ random: inout SeededGenerator) -> [QueuedJob] {
        (0..<count).map { number in
            let bucket = "account\(number % 20):region"
            switch Int.random(in: 0..<100, using: &random) {
            case 0: return QueuedJob(bucket: bucket, payload: SyntheticJob.poison(number: number).payload)
            case 4..<24:
                let calls = SyntheticJob.calls(number: number, count: 3, callsPerSecond: 0)
                return QueuedJob(bucket: bucket, payload: calls.payload)
            case 1..<4: return QueuedJob(bucket: bucket, payload: "nonsense/\(sweep)/\(number)")
            default: return CoordinatorCommand.job(number, milliseconds: Int.random(in: 5...100, using: &random))
            }
        }
    }
}

extension Arena {
    /// Does something bad, or nothing.
    fileprivate func disturb() async throws {
        try replaceDeadWorkers()
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<5: try replaceAnyWorker()
        case 5: try await pause(workers[Int.random(in: 0..<workers.count, using: &random)])
        case 6:
            server.kill()
            try await loop.sleep(for: .milliseconds(300))
            try await startRedisAgain()
        case 7:
            server.freeze()
            try await loop.sleep(for: .milliseconds(Int.random(in: 500...2500, using: &random)))
            server.wake()
        case 8: _ = try await redis.send(["SCRIPT", "FLUSH"])
        case 9: _ = try await redis.send(["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"])
        default: break
        }
    }

    private func pause(_ worker: Child) async throws {
        worker.freeze()
        try await loop.sleep(for: .milliseconds(2500))
        worker.wake()
    }

    /// What Redis uses, less the two logs that are bounded by other rules: events by count, dead letters by people.
    fileprivate func memoryOfJobs() async throws -> Int {
        var used = try await memory("used_memory")
        for log in ["ev", "dead"] { used -= try await redis.send(["MEMORY", "USAGE", key(log)]).number ?? 0 }
        return used
    }

    /// Every key is one of the design's table, and none belongs to a sweep that has expired.
    fileprivate func expectKnownKeys(_ verdict: inout Verdict) async throws {
        let names = try await redis.send(["KEYS", "*"]).elements?.compactMap(\.text) ?? []
        let known = ["b:", "clock", "dead", "ev", "sweeps", "workers"].map(key)
        for name in names where !known.contains(where: { name == $0 || $0.hasSuffix(":") && name.hasPrefix($0) }) {
            verdict.expect(false, "the key \(name) is left")
        }
    }
}
