import EventLoop
import JobQueue
import Redis

/// Workers that are not like the others.
extension Experiment {
    static let wrongClocks = Experiment(number: "10", title: "worker clocks off by 10 minutes") {
        verdict,
        conditions in
        try await Arena.with(seed: conditions.seed, loop: conditions.loop) { arena in
            arena.options.lease = 3000
            let count = conditions.isShort ? 200 : 1000
            var work = jobs(count, 20...80, &arena.random)
            work += (count..<count + 10).map { CoordinatorCommand.job($0, milliseconds: 4000) }
            try await arena.fill(work)
            for seconds in [-600, 600, 0] {
                let skew = try ClockSkew.environment(seconds: seconds, directory: arena.directory)
                try arena.startWorker(environment: skew)
            }
            try await arena.untilComplete()
            try await arena.judge(&verdict)
            let clocks = Set(try arena.diaries().map { ($0.time / 300).rounded() })
            verdict.expect(clocks.count >= 3, "the workers' clocks were right")
            try await expectUndisturbed(&verdict, arena)
            verdict.expect(verdict.runTwice == 0, "\(verdict.runTwice) jobs ran twice")
        }
    }

    static let twoReleases = Experiment(number: "15", title: "two releases at once") { verdict, conditions in
        try await Arena.with(seed: conditions.seed, loop: conditions.loop) { arena in
            try await arena.fill(jobs(conditions.isShort ? 400 : 2000, 10...70, &arena.random))
            for release in ["1", "2", "1", "2"] { try arena.startWorker(["--script-version", release]) }
            var release = 1
            try await arena.untilComplete(every: .milliseconds(500)) {
                // A server that has forgotten its scripts, and the next pod of the update.
                _ = try await arena.redis.send(["SCRIPT", "FLUSH"])
                release += 1
                try arena.replaceAnyWorker(["--script-version", String(release % 2 + 1)])
            }
            try await arena.judge(&verdict)
            try await expectNoDead(&verdict, arena)
            let (old, new) = (try arena.settled(of: 1), try arena.settled(of: 2))
            verdict.expect(old > 0 && new > 0, "a release did nothing")
            verdict.notes.append("the older release settled \(old) jobs, the newer \(new)")
        }
    }
}
