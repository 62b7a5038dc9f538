import EventLoop
import JobQueue

/// Processes that are late.
extension Experiment {
    static let frozenWorker = Experiment(number: "8", title: "worker frozen past its lease") { verdict, conditions in
        let rounds = conditions.isShort ? 1 : 5
        try await Arena.with(seed: conditions.seed, loop: conditions.loop) { arena in
            arena.options.lease = 1500
            try await arena.fill(jobs(rounds * 200, 50...150, &arena.random))
            for _ in 0..<3 { try arena.startWorker() }
            for _ in 0..<rounds {
                let victim = arena.workers[Int.random(in: 0..<arena.workers.count, using: &arena.random)]
                try await arena.until("the worker works") { try arena.diaries().contains { $0.worker == victim.name } }
                victim.freeze()
                try await arena.loop.sleep(for: .milliseconds(3000))
                victim.wake()
                try await arena.loop.sleep(for: .milliseconds(500))
            }
            try await arena.untilComplete()
            // The others may have done all before the woken one has said anything.
            try await arena.until("a frozen worker is told that it has lost its jobs", within: .seconds(20)) {
                try arena.diaries().contains { $0.event == .lost }
            }
            try await arena.judge(&verdict)
            let lost = try arena.diaries().count { $0.event == .lost }
            verdict.notes.append("\(lost) late outcomes refused")
        }
    }

    static let longJobs = Experiment(number: "9", title: "jobs longer than their lease") { verdict, conditions in
        try await Arena.with(seed: conditions.seed, loop: conditions.loop) { arena in
            arena.options.lease = 2000
            arena.options.tries = 2
            var work = (0..<8).map { CoordinatorCommand.job($0, milliseconds: 6000) }
            work += (8..<10).map { CoordinatorCommand.job($0, milliseconds: 600_000) }
            try await arena.fill(work)
            for _ in 0..<2 { try arena.startWorker(["--longest", "9000", "--concurrency", "10"]) }
            try await arena.untilComplete()
            try await arena.judge(&verdict)
            let sweep = try await arena.sweeps.sweep(CoordinatorCommand.sweep)
            let letters = try await arena.queue.deadLetters(limit: 10)
            verdict.expect(sweep?.recovered == 0, "\(sweep?.recovered ?? -1) live leases were taken back")
            verdict.expect(sweep?.done == 8, "\(sweep?.done ?? -1) of 8 long jobs are done")
            verdict.expect(letters.count == 2, "\(letters.count) of 2 endless jobs are dead")
            verdict.expect(
                letters.allSatisfy { $0.tries == 2 && $0.crashes == 0 },
                "an endless job died of something else"
            )
        }
    }

    static let frozenLeader = Experiment(number: "13", title: "leader frozen, then back") { verdict, conditions in
        let jobs = 2000
        try await Arena.with(seed: conditions.seed, loop: conditions.loop) { arena in
            arena.options.chunk = 100
            let first = try arena.startCoordinator("first", jobs: jobs, ["--freeze-after", "7"])
            try await arena.until("the first leader has frozen") {
                try await arena.sweeps.sweep(CoordinatorCommand.sweep)?.total == 700
            }
            let second = try arena.startCoordinator("second", jobs: jobs)
            try await arena.until("the second leader has ended") { !second.isRunning }
            first.wake()
            try await arena.until("the first leader has ended") { !first.isRunning }
            verdict.expect(try arena.diary("first").contains { $0.event == .refused }, "the frozen leader wrote again")
            verdict.expect(try arena.diary("second").isEmpty, "the second leader was refused")
            for _ in 0..<2 { try arena.startWorker(["--concurrency", "32"]) }
            try await arena.untilComplete()
            try await arena.judge(&verdict)
            let total = try await arena.sweeps.sweep(CoordinatorCommand.sweep)?.total ?? 0
            verdict.expect(total == jobs, "\(total) of \(jobs) jobs")
        }
    }

    static let drain = Experiment(number: "16", title: "SIGTERM with work in flight") { verdict, conditions in
        try await Arena.with(seed: conditions.seed, loop: conditions.loop) { arena in
            let work = (0..<12).map { CoordinatorCommand.job($0, milliseconds: 2000, buckets: 1) }
            try await arena.fill(work)
            let worker = try arena.startWorker(["--concurrency", "8", "--grace", "200"])
            try await arena.until("eight jobs run") { try arena.diary(worker.name).count { $0.event == .begin } == 8 }
            worker.terminate()
            try await arena.until("the worker has ended", within: .seconds(10)) { !worker.isRunning }
            verdict.expect(worker.status == 0, "the worker ended with \(worker.status ?? -1)")
            let again = try await arena.queue.claim(worker: "driver", limit: 12).jobs
            verdict.expect(again.map(\.payload) == work.map(\.payload), "the order was lost: \(again.map(\.payload))")
            verdict.expect(again.allSatisfy { $0.attempt == 1 }, "a try was consumed")
            for job in again.reversed() { _ = try await arena.queue.settle(job, as: .released(cursor: nil)) }
            try arena.startWorker(["--concurrency", "16"])
            try await arena.untilComplete()
            try await arena.judge(&verdict)
        }
    }
}
