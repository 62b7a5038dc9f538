import EventLoop
import JobQueue
import Redis

/// A Redis that fails in other ways than by dying.
extension Experiment {
    static let failover = Experiment(number: "5", title: "failover with a lost tail", isRandom: true) {
        verdict,
        conditions in
        try await Arena.with(seed: conditions.seed, loop: conditions.loop) { arena in
            let work = callingJobs(conditions.isShort ? 600 : 3000, 10...70, &arena.random)
            let (early, late) = (work.prefix(work.count * 3 / 4), work.suffix(work.count / 4))
            _ = try await arena.sweeps.open(CoordinatorCommand.sweep, priority: .bulk, fence: nil)
            _ = try await arena.queue.enqueue(Array(early), in: CoordinatorCommand.sweep, fence: nil)
            let replica = try await arena.startReplica()
            for _ in 0..<4 { try arena.startWorker() }
            try await arena.untilDone(work.count / 4)
            // From here on the old primary is alone: what it is told until it dies is the lost tail.
            let before = try await arena.done
            try await arena.command(replica, ["REPLICAOF", "NO", "ONE"])
            _ = try await arena.queue.enqueue(Array(late), in: CoordinatorCommand.sweep, fence: nil)
            try await arena.loop.sleep(for: .milliseconds(Int.random(in: 300...900, using: &arena.random)))
            let acks = try await arena.done - before
            try await arena.failOver(to: replica)
            let added = try await arena.fill(work)
            verdict.expect(added == late.count, "the second enqueue put back \(added) of \(late.count)")
            try await arena.untilComplete(every: .milliseconds(400)) { try arena.replaceAnyWorker() }
            try await arena.judge(&verdict)
            verdict.notes.append("lost with the tail: \(acks) acks, \(added) enqueued jobs")
            try await expectNoRetry(&verdict, arena)
            try await expectNoDead(&verdict, arena)
        }
    }

    static let readOnly = Experiment(number: "6", title: "READONLY under load") { verdict, conditions in
        try await Arena.with(seed: conditions.seed, loop: conditions.loop) { arena in
            let rounds = conditions.isShort ? 1 : 5
            try await arena.fill(callingJobs(rounds * 300, 20...80, &arena.random))
            for _ in 0..<3 { try arena.startWorker() }
            for round in 1...rounds {
                try await arena.untilDone(round * 150)
                // A primary that is nowhere.
                _ = try await arena.redis.send(["REPLICAOF", "127.0.0.1", String(try freePort())])
                try await arena.loop.sleep(for: .milliseconds(Int.random(in: 500...1500, using: &arena.random)))
                _ = try await arena.redis.send(["REPLICAOF", "NO", "ONE"])
            }
            try await arena.untilComplete()
            try await arena.judge(&verdict)
            try await expectUndisturbed(&verdict, arena)
        }
    }

    static let redisFrozen = Experiment(number: "7", title: "Redis frozen past the leases") { verdict, conditions in
        try await Arena.with(seed: conditions.seed, loop: conditions.loop) { arena in
            arena.options.lease = 1500
            let pauses = conditions.isShort ? [3] : [3, 7, 4]
            try await arena.fill(callingJobs(pauses.count * 300, 20...80, &arena.random))
            for _ in 0..<3 { try arena.startWorker() }
            for (round, seconds) in pauses.enumerated() {
                try await arena.untilDone(round * 300 + 100)
                arena.server.freeze()
                try await arena.loop.sleep(for: .seconds(seconds))
                arena.server.wake()
            }
            try await arena.untilComplete()
            try await arena.judge(&verdict)
            verdict.expect(verdict.runTwice == 0, "\(verdict.runTwice) live jobs ran again")
            try await expectNoRetry(&verdict, arena)
            verdict.expect(arena.workers.allSatisfy(\.isRunning), "a worker has ended")
        }
    }

    static let memoryFull = Experiment(number: "11", title: "maxmemory reached") { verdict, conditions in
        let count = conditions.isShort ? 4000 : 20_000
        try await Arena.with(seed: conditions.seed, loop: conditions.loop) { arena in
            arena.options.retention = 1
            arena.options.chunk = 250
            try await arena.fill((0..<count).map { CoordinatorCommand.job($0) }, sweep: "collect-0")
            // Only the first sweep has to make room.
            arena.options.retention = 3600
            for _ in 0..<2 { try arena.startWorker(["--concurrency", "32"]) }
            // By now the server holds the scripts and its clients' buffers.
            try await arena.until("a tenth is done") {
                try await arena.sweeps.sweep("collect-0")?.done ?? 0 > count / 10
            }
            let used = try await arena.memory("used_memory")
            _ = try await arena.redis.send(["CONFIG", "SET", "maxmemory", String(used + count * 40)])
            let work = (count..<2 * count).map { CoordinatorCommand.job($0) }
            var refusals = 0
            var isFilled = false
            // As the coordinator does: enqueue what is missing, again and again.
            try await arena.untilComplete("collect-0", every: .milliseconds(200)) {
                do {
                    if !isFilled { try await arena.fill(work) }
                    isFilled = true
                } catch RedisError.reply(code: "OOM", message: _) {
                    refusals += 1
                }
            }
            try await arena.until("the second sweep is enqueued", every: .milliseconds(200)) {
                do {
                    try await arena.fill(work)
                    return true
                } catch RedisError.reply(code: "OOM", message: _) {
                    refusals += 1
                    return false
                }
            }
            try await arena.untilComplete()
            try await arena.judge(&verdict)
            verdict.expect(refusals > 0, "nothing was refused")
            verdict.expect(verdict.jobs == count, "\(verdict.jobs) of \(count) jobs")
            try await expectUndisturbed(&verdict, arena)
            verdict.notes.append("\(refusals) enqueues refused while workers went on")
        }
    }

    static let repliesLost = Experiment(number: "12", title: "replies lost on the way", isRandom: true) {
        verdict,
        conditions in
        try await Arena.with(seed: conditions.seed, loop: conditions.loop) { arena in
            arena.options.lease = 1500
            try await arena.fill(jobs(conditions.isShort ? 400 : 2000, 10...70, &arena.random))
            let relay = try arena.startLossyRelay(lossEvery: 20)
            for _ in 0..<3 { try arena.startWorker(["--redis", relay]) }
            try await arena.untilComplete(within: .seconds(180))
            try await arena.judge(&verdict)
            let sweep = try await arena.sweeps.sweep(CoordinatorCommand.sweep)
            verdict.expect((sweep?.recovered ?? 0) > 0, "no claim's reply was lost")
            let again = try arena.diaries().count { $0.event == .again }
            verdict.expect(again == 0, "\(again) attempts were counted though no worker died")
            try await expectNoDead(&verdict, arena)
            verdict.notes.append("\(sweep?.recovered ?? 0) leases expired unbeaten")
        }
    }

    /// Nothing failed, and no worker had to be started again.
    static func expectUndisturbed(_ verdict: inout Verdict, _ arena: Arena) async throws {
        try await expectNoDead(&verdict, arena)
        try await expectNoRetry(&verdict, arena)
        let sweep = try await arena.sweeps.sweep(CoordinatorCommand.sweep)
        verdict.expect(sweep?.recovered == 0, "\(sweep?.recovered ?? -1) leases expired")
        verdict.expect(arena.workers.allSatisfy(\.isRunning), "a worker has ended")
    }

    /// No job failed for what happened to Redis.
    private static func expectNoRetry(_ verdict: inout Verdict, _ arena: Arena) async throws {
        let sweep = try await arena.sweeps.sweep(CoordinatorCommand.sweep)
        verdict.expect(sweep?.retried == 0, "\(sweep?.retried ?? -1) jobs failed")
    }
}

extension Arena {
    /// How many jobs of the sweep are done.
    var done: Int {
        get async throws { try await sweeps.sweep(CoordinatorCommand.sweep)?.done ?? 0 }
    }

    func untilDone(_ count: Int) async throws {
        try await until("\(count) jobs are done") { try await done >= count }
    }

    /// A number of INFO.
    func memory(_ name: String) async throws -> Int {
        let info = try await redis.send(["INFO", "memory"]).text ?? ""
        let line = info.split(whereSeparator: \.isNewline).first { $0.hasPrefix(name + ":") }
        return line.flatMap { Int($0.dropFirst(name.count + 1)) } ?? 0
    }

    /// Starts a second server that follows the first one, and waits until it has all.
    func startReplica() async throws -> RedisHost {
        let replica = try RedisHost("replica", in: directory)
        let port = String(try freePort())
        _ = try await redis.send(["CONFIG", "SET", "port", port])
        try await until("the replica follows") {
            do {
                _ = try await command(replica, ["REPLICAOF", "127.0.0.1", port])
                return try await command(replica, ["INFO", "replication"]).contains("master_link_status:up")
            } catch is RedisError {
                return false
            }
        }
        return replica
    }

    /// Sends one command to any server.
    @discardableResult
    func command(_ host: RedisHost, _ words: [String]) async throws -> String {
        let client = try host.client(loop)
        let outcome: Result<String, any Error>
        do { outcome = .success(try await client.send(words).text ?? "") } catch { outcome = .failure(error) }
        await client.close()
        return try outcome.get()
    }
}
