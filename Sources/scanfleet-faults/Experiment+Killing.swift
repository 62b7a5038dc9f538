import EventLoop
import JobQueue

/// Processes that die.
extension Experiment {
    static let kills = Experiment(number: "1", title: "kill -9 of workers", isRandom: true) { verdict, conditions in
        try await Arena.with(seed: conditions.seed, loop: conditions.loop) { arena in
            try await arena.fill(jobs(conditions.isShort ? 800 : 3000, 10...70, &arena.random))
            for _ in 0..<4 { try arena.startWorker() }
            try await arena.untilComplete(every: .milliseconds(400)) { try arena.replaceAnyWorker() }
            try await arena.judge(&verdict)
            verdict.expect(arena.kills >= (conditions.isShort ? 3 : 20), "only \(arena.kills) kills")
            // The worst of a few is all that a short run has; where workers start so slowly that none is heard for half a
            // lease, they get two thirds of one more.
            verdict.expectRecovery(within: Double(arena.options.lease) / 1000 + (conditions.isShort ? 3 : 0.5))
            try await expectNoDead(&verdict, arena)
        }
    }

    static let poison = Experiment(number: "2", title: "poison that kills") { verdict, conditions in
        let poisons = conditions.isShort ? 3 : 20
        try await Arena.with(seed: conditions.seed, loop: conditions.loop) { arena in
            arena.options.lease = 1500
            var work = jobs(conditions.isShort ? 60 : 400, 10...70, &arena.random)
            for number in 0..<poisons {
                let job = QueuedJob(
                    bucket: "account\(number):region",
                    payload: SyntheticJob.poison(number: number).payload
                )
                work.insert(job, at: Int.random(in: 0...work.count, using: &arena.random))
            }
            try await arena.fill(work)
            for _ in 0..<3 { try arena.startWorker() }
            try await arena.untilComplete(within: .seconds(300)) { try arena.replaceDeadWorkers() }
            try await arena.judge(&verdict)
            let letters = try await arena.queue.deadLetters(limit: 1000)
            let isAllPoison = letters.allSatisfy { $0.payload.hasPrefix("poison/") && $0.crashes == 3 }
            verdict.expect(letters.count == poisons, "\(letters.count) dead letters of \(poisons) poisons")
            verdict.expect(isAllPoison, "a job that only ran beside poison is dead, or one died early")
        }
    }

    static let redisKilled = Experiment(number: "4", title: "kill -9 of Redis and workers", isRandom: true) {
        verdict,
        conditions in
        try await Arena.with(seed: conditions.seed, loop: conditions.loop) { arena in
            let work = jobs(conditions.isShort ? 800 : 3000, 10...70, &arena.random)
            try await arena.fill(work)
            for _ in 0..<4 { try arena.startWorker() }
            for round in 1...2 {
                let share = work.count * round / 4
                try await arena.until("\(share) jobs are done", every: .milliseconds(400)) {
                    try arena.replaceAnyWorker()
                    return try await arena.sweeps.sweep(CoordinatorCommand.sweep)?.done ?? 0 >= share
                }
                arena.server.kill()
                try await arena.loop.sleep(for: .milliseconds(500))
                try arena.replaceAnyWorker()
                try await arena.loop.sleep(for: .milliseconds(500))
                try await arena.startRedisAgain()
            }
            let added = try await arena.fill(work)
            verdict.expect(added == 0, "the second enqueue added \(added)")
            try await arena.untilComplete(every: .milliseconds(400)) { try arena.replaceAnyWorker() }
            try await arena.judge(&verdict)
            let late = try arena.diaries().count { $0.event == .lost }
            if late > 0 { verdict.notes.append("\(late) late outcomes were refused") }
            try await expectNoDead(&verdict, arena)
        }
    }

    static let coordinatorKilled = Experiment(number: "14", title: "coordinator killed at each chunk") {
        verdict,
        conditions in
        let jobs = conditions.isShort ? 1000 : 100_000
        try await Arena.with(seed: conditions.seed, loop: conditions.loop) { arena in
            arena.options.chunk = conditions.isShort ? 100 : 500
            let chunks = jobs / arena.options.chunk
            for chunk in 1...chunks {
                let child = try arena.startCoordinator("leader", jobs: jobs, ["--die-after", String(chunk)])
                try await arena.until("the coordinator has died", every: .milliseconds(5)) { !child.isRunning }
                let total = try await arena.sweeps.sweep(CoordinatorCommand.sweep)?.total ?? 0
                verdict.expect(total == chunk * arena.options.chunk, "\(total) jobs after chunk \(chunk)")
            }
            let last = try arena.startCoordinator("leader", jobs: jobs)
            try await arena.until("the last coordinator has ended") { !last.isRunning }
            let sweep = try await arena.sweeps.sweep(CoordinatorCommand.sweep)
            verdict.expect(sweep?.total == jobs, "\(sweep?.total ?? 0) of \(jobs) jobs were enqueued")
            verdict.expect(sweep?.isClosed == true, "the sweep is not closed")
            try await arena.sweeps.cancel(CoordinatorCommand.sweep)
            try await arena.untilComplete { _ = try await arena.queue.claim(worker: "sweeper", limit: 500) }
            try await arena.judge(&verdict)
            verdict.kills += chunks
        }
    }

    static func expectNoDead(_ verdict: inout Verdict, _ arena: Arena) async throws {
        let letters = try await arena.queue.deadLetters(limit: 1000)
        // Where the dice kill three workers under one job, it is taken for poison, and listed as such.
        let isByCrashes = letters.allSatisfy { $0.crashes >= 3 }
        verdict.expect(isByCrashes, "\(letters.count) dead letters, of which some were not there at three deaths")
        if !letters.isEmpty { verdict.notes.append("\(letters.count) jobs were taken for poison") }
    }
}
