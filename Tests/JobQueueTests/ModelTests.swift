import JobQueue
import Redis
import TestSupport
import Testing

/// Random sequences of operations, which Redis and the model must answer alike.
@Suite(.requires("redis-server"), .timeLimit(.minutes(10))) struct ModelTests {
    @Test(arguments: 1...6) func `Redis does after any sequence what the model does`(seed: UInt64) async throws {
        let settings = QueueSettings.quick {
            $0.tries = 3
            // No suspects: the model's workers are never idle.
            $0.crashesBeforeQuarantine = 100
        }
        try await QueueFixture.with(settings) { fixture in
            var comparison = Comparison(fixture, seed: seed)
            for step in 0..<400 {
                let operation = try await comparison.step()
                try await comparison.expectEqual("seed \(seed), step \(step): \(operation)")
            }
            try await comparison.finish()
            for sweep in comparison.model.sweeps.keys { try await fixture.expectInvariants(of: sweep) }
        }
    }
}

/// Who may write: the newest leader; nil stands for a person.
private struct Writer {
    var newest: Fence?
}

/// A model and a queue that are told the same.
private struct Comparison {
    let queue: JobQueue
    let sweeps: SweepRegistry
    let leadership: LeaderLease
    let redis: any RedisScripting
    var random: SeededGenerator
    var model: ModelQueue
    /// Every lease that there ever was, so that late outcomes are among what is tried.
    var leases: [LeasedJob] = []
    /// Whose each lease is, by token.
    var owners: [Int: String] = [:]
    /// Every leadership that there ever was; only the last one may write.
    var fences: [Fence] = []

    init(_ fixture: QueueFixture, seed: UInt64) {
        queue = fixture.queue
        sweeps = fixture.sweeps
        leadership = fixture.leadership
        redis = fixture.redis
        random = SeededGenerator(state: seed)
        model = ModelQueue(tries: queue.settings.tries, crashes: queue.settings.crashes)
    }

    private mutating func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }

    /// Does one operation on both, and says which.
    mutating func step() async throws -> String {
        let sweep = "s-\(number(0..<5))"
        switch number(0..<100) {
        case 0..<6: return try await open(sweep)
        case 6..<24: return try await enqueue(sweep)
        case 24..<27:
            guard model.sweeps[sweep] != nil, let fence = try await fence({ try await $0.close(sweep, fence: $1) })
            else { return "close in vain" }
            try await sweeps.close(sweep, fence: fence.newest)
            model.close(sweep)
            return "close \(sweep)"
        case 27..<28:
            guard model.sweeps[sweep] != nil, let fence = try await fence({ try await $0.cancel(sweep, fence: $1) })
            else { return "cancel in vain" }
            try await sweeps.cancel(sweep, fence: fence.newest)
            model.cancel(sweep)
            return "cancel \(sweep)"
        case 28..<49: return try await claim(number(0..<6))
        case 49..<50: return try await lead()
        case 50..<56: return try await beat()
        case 56..<59: return try await replay()
        case 59..<60: return try await dropLetter()
        case 60..<64: return try await crash()
        default: return try await settle(outcome())
        }
    }

    /// Another leader follows: the term of the one before is over at once.
    private mutating func lead() async throws -> String {
        let fence = try #require(
            try await leadership.lead("coordinator", holder: "leader-\(fences.count)", term: .zero)
        )
        #expect(fences.allSatisfy { $0.number < fence.number })
        fences.append(fence)
        return "lead \(fence.number)"
    }

    /// Who writes next: the newest leader, or a person; nil where it was an earlier leader, who was refused.
    private mutating func fence(
        _ write: (SweepRegistry, Fence) async throws -> Void
    ) async throws -> Writer? {
        guard let choice = fences.randomElement(using: &random) else { return Writer(newest: nil) }
        guard choice != fences.last else { return Writer(newest: choice) }
        await #expect(throws: QueueError.fenced(role: "coordinator")) { try await write(sweeps, choice) }
        return nil
    }

    private mutating func open(_ sweep: String) async throws -> String {
        let priority = number(0..<3) == 0 ? QueuePriority.now : .bulk
        let written = try await fence { _ = try await $0.open(sweep, priority: priority, fence: $1) }
        guard let written else { return "open in vain" }
        let isNew = model.open(sweep, priority)
        #expect(try await sweeps.open(sweep, priority: priority, fence: written.newest) == isNew)
        return "open \(sweep) \(priority)"
    }

    private mutating func enqueue(_ sweep: String) async throws -> String {
        let jobs = (0..<number(1..<6)).map { _ in job(number(0..<40)) }
        guard let added = model.enqueue(jobs, in: sweep) else {
            await #expect(throws: QueueError.unknownSweep(sweep)) {
                try await queue.enqueue(jobs, in: sweep, fence: nil)
            }
            return "enqueue in vain"
        }
        #expect(try await queue.enqueue(jobs, in: sweep, fence: fences.last) == added)
        return "enqueue \(sweep) \(jobs.map(\.payload))"
    }

    /// The same payload always stands in the same bucket, as a repository does.
    private func job(_ number: Int) -> QueuedJob {
        QueuedJob(bucket: ["a", "b", "c"][number % 3], payload: "job \(number)")
    }

    private mutating func claim(_ limit: Int) async throws -> String {
        let worker = worker()
        let jobs = try await queue.claim(worker: worker, limit: limit).jobs
        for job in jobs { owners[job.token] = worker }
        model.bringBack()
        for key in model.droppable {
            let state = try await redis.send(["HGET", "{test}:st:\(key[0])", key[1]]).text
            if state == "c" { model.drop(key) }
        }
        for job in jobs {
            let key = [job.sweep, job.payload]
            let mayBeNext = model.take(key)
            #expect(mayBeNext, "\(key) is not the next of its bucket")
            let past = model.jobs[key]
            #expect(job.bucket == past?.bucket)
            #expect(job.attempt == (past?.tries ?? 0) + (past?.crashes ?? 0) + 1)
            #expect(job.cursor == model.jobs[key]?.cursor)
            #expect(leases.allSatisfy { $0.token < job.token }, "tokens grow")
            model.lease(key, token: job.token)
        }
        leases += jobs
        if jobs.count < limit {
            #expect(model.readyCount == 0, "a claim left something")
        }
        return "claim \(limit)"
    }

    private mutating func beat() async throws -> String {
        let jobs = leases.suffix(8).filter { _ in Bool.random(using: &random) }.sorted { $0.token < $1.token }
        let worker = worker()
        let lost = try await queue.renewLeases(jobs, worker: worker)
        var expected: [LeasedJob] = []
        // Nobody renews, or ends, a lease of another's.
        for job in jobs
        where owners[job.token] != worker || !model.beat([job.sweep, job.payload], token: job.token) {
            expected.append(job)
        }
        #expect(lost == expected)
        return "beat \(jobs.map(\.token))"
    }

    private mutating func settle(_ outcome: JobOutcome) async throws -> String {
        guard let job = leases.suffix(10).randomElement(using: &random) else { return "nothing" }
        let expected = model.settle([job.sweep, job.payload], token: job.token, as: outcome)
        #expect(try await queue.settle(job, as: outcome) == expected)
        return "settle \(job) as \(outcome)"
    }

    private mutating func replay() async throws -> String {
        let letters = try await queue.deadLetters(limit: 1000)
        guard let letter = letters.randomElement(using: &random) else { return "nothing" }
        let expected = model.replay([letter.sweep, letter.payload]) ? 1 : 0
        #expect(try await queue.replay([letter.id]) == expected)
        return "replay \(letter.payload)"
    }

    private mutating func dropLetter() async throws -> String {
        guard let letter = try await queue.deadLetters(limit: 1000).randomElement(using: &random) else {
            return "nothing"
        }
        model.dropLetter([letter.sweep, letter.payload])
        #expect(try await queue.drop([letter.id]) == 1)
        return "drop \(letter.payload)"
    }

    private mutating func worker() -> String { Bool.random(using: &random) ? "v" : "w" }

    /// Lets one lease end as that of a worker that died.
    private mutating func crash() async throws -> String {
        let held = leases.filter { model.jobs[[$0.sweep, $0.payload]]?.state == .leased($0.token) }
        guard let job = held.randomElement(using: &random) else { return "nothing" }
        let member = "\(job.sweep) \(job.bucket) \(job.payload)"
        _ = try await redis.send(["ZADD", "{test}:lease", "XX", "0", member])
        _ = try await queue.claim(worker: "w", limit: 0)
        model.crash([job.sweep, job.payload])
        model.bringBack()
        return "crash \(job.payload)"
    }

    private mutating func outcome() -> JobOutcome {
        switch number(0..<10) {
        case 0..<3: .completed(tallies: ["images": number(0..<5)])
        case 3..<6: .released(cursor: Bool.random(using: &random) ? "page \(number(0..<9))" : nil)
        case 6..<8: .retry(after: .zero, reason: "r", consumesTry: true)
        case 8: .retry(after: .zero, reason: "r", consumesTry: false)
        default: .discarded(reason: "r")
        }
    }

    /// Compares everything that can be counted.
    func expectEqual(_ operation: String) async throws {
        for (id, expected) in model.sweeps {
            var found = try #require(try await sweeps.sweep(id))
            #expect(found.isComplete == expected.progress.isComplete, "\(id) after \(operation)")
            (found.openedAt, found.completedAt) = (0, expected.progress.completedAt)
            #expect(found == expected.progress, "after \(operation)")
        }
        let snapshot = try await queue.snapshot()
        #expect(snapshot.ready == model.readyCount, "ready after \(operation)")
        #expect(snapshot.due + snapshot.delayed == model.waitingCount, "waiting after \(operation)")
        #expect(snapshot.inFlight == model.leasedCount, "in flight after \(operation)")
        let letters = try await queue.deadLetters(limit: 1000).reversed().map { [$0.sweep, $0.payload] }
        #expect(letters == model.letters, "dead after \(operation)")
    }

    /// Completes whatever is left.
    mutating func finish() async throws {
        for sweep in model.sweeps.keys.sorted() {
            try await sweeps.close(sweep, fence: nil)
            model.close(sweep)
        }
        for job in leases where try await queue.settle(job, as: .completed()) {
            let isSettled = model.settle([job.sweep, job.payload], token: job.token, as: .completed())
            #expect(isSettled)
        }
        while model.readyCount + model.waitingCount > 0 {
            let first = leases.count
            _ = try await claim(50)
            for job in leases[first...] {
                #expect(try await queue.settle(job, as: .completed()))
                let isSettled = model.settle([job.sweep, job.payload], token: job.token, as: .completed())
                #expect(isSettled)
            }
        }
        try await expectEqual("the end")
    }
}
