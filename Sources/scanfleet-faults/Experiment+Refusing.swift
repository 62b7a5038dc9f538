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
            let retried = try await arena.sweeps.sweep(CoordinatorCommand.sweep)?.retried
            verdict.expect(retried == 0, "\(retried ?? -1) were tried again")
        }
    }
}
