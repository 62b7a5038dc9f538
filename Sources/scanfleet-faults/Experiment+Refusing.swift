import JobQueue

/// Jobs and services that refuse.
extension Experiment {
    static let unreadable = Experiment(number: "3", title: "payloads that are no jobs") { verdict, conditions in
        try await Arena.with(seed: conditions.seed, loop: conditions.loop) { arena in
            let wrong = [
                "work/1", "work/one/2", "work", "unknown/1/2", "\u{0}\u{1}\u{fffd}", "{\"kind\":1}",
                "work/" + String(repeating: "9", count: 1 << 20),
            ]
            var work = jobs(50, 1...10, &arena.random)
            work += wrong.map { QueuedJob(bucket: "account1:region", payload: $0) }
            try await arena.fill(work)
            let worker = try arena.startWorker()
            try await arena.untilComplete()
            verdict.expect(worker.isRunning, "the worker died")
            try await arena.judge(&verdict)
            let letters = try await arena.queue.deadLetters(limit: 100)
            verdict.expect(Set(letters.map(\.payload)) == Set(wrong), "\(letters.count) of \(wrong.count) are dead")
            verdict.expect(letters.allSatisfy { !$0.reason.isEmpty && $0.crashes == 0 }, "a letter has no reason")
            let retried = try await arena.queue.sweep(CoordinatorCommand.sweep)?.retried
            verdict.expect(retried == 0, "\(retried ?? -1) were tried again")
        }
    }

    /// The fleet begins with 10 calls a second, of which the provider grants half.
    static let throttled = Experiment(number: "17", title: "half the assumed rate", isShort: false) {
        verdict,
        conditions in
        let quota = 5.0
        try await Arena.with(seed: conditions.seed, loop: conditions.loop) { arena in
            let work = (0..<60).map { number in
                let job = SyntheticJob.calls(number: number, count: 10, callsPerSecond: quota)
                return QueuedJob(bucket: "account:region", payload: job.payload)
            }
            try await arena.fill(work)
            for _ in 0..<2 { try arena.startWorker(["--concurrency", "8"]) }
            try await arena.untilComplete(every: .milliseconds(500), within: .seconds(240))
            try await arena.judge(&verdict)
            let calls = try arena.diaries().filter { $0.event == .granted || $0.event == .throttled }
            let start = calls.first?.time ?? 0
            let end = (calls.last { $0.event == .granted }?.time ?? 0) - 5
            let steady = calls.filter { $0.time > start + 60 && $0.time < end }
            let granted = Double(steady.count { $0.event == .granted }) / max(1, end - start - 60)
            let refused = Double(steady.count { $0.event == .throttled }) / Double(max(1, steady.count))
            verdict.notes.append(
                "after a minute \(granted.rounded(places: 2)) calls/s of \(quota), \((refused * 100).rounded(places: 2)) % throttled"
            )
            verdict.expect((0.9 * quota...1.01 * quota).contains(granted), "the rate settled at \(granted)")
            let retried = try await arena.queue.sweep(CoordinatorCommand.sweep)?.retried
            verdict.expect(retried == 0, "\(retried ?? -1) tries were consumed")
        }
    }
}
