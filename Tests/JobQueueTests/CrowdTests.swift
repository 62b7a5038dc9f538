import JobQueue
import Redis
import TestSupport
import Testing

/// Many workers at once, which fail, release and die at random.
@Suite(.requires("redis-server"), .timeLimit(.minutes(10))) struct CrowdTests {
    @Test(arguments: [1, 2])
    func `Every job ends exactly once whatever its workers do`(seed: UInt64) async throws {
        let settings = QueueSettings.quick {
            $0.lease = .milliseconds(200)
            $0.jobsInFlightPerBucket = 8
            $0.jobStartsPerSecond = 2000
            $0.jobStartBurst = 5
        }
        try await QueueFixture.with(settings) { fixture in
            try await fixture.fill("s-1", buckets: (0..<10).map { "a:\($0)" }, count: 50)
            let finished = try await withThrowingTaskGroup(of: [String].self) { group in
                for number in 0..<8 {
                    group.addTask {
                        let seed = seed * 100 + UInt64(number)
                        var worker = ErraticWorker(name: "w\(number)", seed: seed, fixture)
                        return try await worker.work(until: "s-1")
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            let progress = try #require(try await fixture.sweeps.sweep("s-1"))
            #expect(finished.count == Set(finished).count, "no job was finished twice")
            #expect(finished.count == progress.done)
            #expect(progress.tallies == ["jobs": progress.done])
            #expect(progress.total == 500)
            #expect(progress.recovered > 0 && progress.retried > 0)
            #expect(try await fixture.queue.deadLetters(limit: 1000).count == progress.dead)
            try await fixture.expectInvariants(of: "s-1")
            try await expectOnlyKnownKeys(fixture)
        }
    }

    /// What is left are keys that last; lists and sets that were emptied are gone.
    private func expectOnlyKnownKeys(_ fixture: QueueFixture) async throws {
        var lasting = Set(["clock", "ev", "s:s-1", "st:s-1", "sweeps"].map { "{test}:" + $0 })
        for number in 0..<10 { lasting.insert("{test}:b:a:\(number)") }
        let left = try await fixture.keys().subtracting(lasting)
        #expect(left.isSubset(of: ["{test}:dead", "{test}:ring:bulk"]), "\(left)")
    }
}

/// Settles its jobs in every way there is, and now and then forgets them, as a killed process does.
private struct ErraticWorker {
    let name: String
    var random: SeededGenerator
    let queue: JobQueue
    let sweeps: SweepRegistry
    var finished: [String] = []
    var incarnation = 0

    init(name: String, seed: UInt64, _ fixture: QueueFixture) {
        self.name = name
        self.random = SeededGenerator(state: seed)
        queue = fixture.queue
        sweeps = fixture.sweeps
    }

    mutating func work(until sweep: String) async throws -> [String] {
        while try await sweeps.sweep(sweep)?.isComplete == false {
            let limit = Int.random(in: 1...10, using: &random)
            let claim = try await queue.claim(worker: "\(name).\(incarnation)", limit: limit)
            if claim.jobs.isEmpty { try await Task.sleep(for: min(claim.askAgainAfter, .milliseconds(20))) }
            if Int.random(in: 0..<30, using: &random) == 0 {
                incarnation += 1
                continue
            }
            for job in claim.jobs { try await settle(job) }
        }
        return finished
    }

    private mutating func settle(_ job: LeasedJob) async throws {
        let outcome: JobOutcome =
            switch Int.random(in: 0..<20, using: &random) {
            case 0..<3: .retry(after: nil, reason: "r", consumesTry: true)
            case 3: .retry(after: .milliseconds(2), reason: "throttled", consumesTry: false)
            case 4..<7: .released(cursor: "\(job.token)")
            case 7 where job.attempt > 2: .discarded(reason: "r")
            default: .completed(tallies: ["jobs": 1])
            }
        let counted = try await queue.settle(job, as: outcome)
        if counted, case .completed = outcome { finished.append(job.payload) }
        #expect(try await !queue.settle(job, as: .completed(tallies: ["jobs": 1])), "a lease ends once")
    }
}

/// SplitMix64, so that a seed gives the same choices again.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
