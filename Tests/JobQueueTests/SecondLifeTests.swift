import JobQueue
import Redis
import TestSupport
import Testing

/// What the queue remembers of a job beyond one attempt.
@Suite(.requires("redis-server"), .timeLimit(.minutes(10))) struct SecondLifeTests {
    /// Lets a job's worker die as often as that makes a dead letter.
    private func bury(_ fixture: QueueFixture) async throws {
        for _ in 0..<fixture.queue.settings.crashes {
            let job = try #require(try await fixture.claimSoon(worker: "w").first)
            let member = "\(job.sweep) \(job.bucket) \(job.payload)"
            _ = try await fixture.redis.send(["ZADD", "{test}:lease", "XX", "0", member])
            _ = try await fixture.queue.claim(worker: "other", limit: 0)
        }
    }

    @Test func `What only crashes gave up comes back by itself, once, and runs alone`() async throws {
        let settings = QueueSettings.quick { $0.crashReplayAge = .zero }
        try await QueueFixture.with(settings) { fixture in
            let queue = fixture.queue
            try await fixture.fill("s-1", buckets: ["a"], count: 1)
            try await bury(fixture)
            let letter = try #require(try await queue.deadLetters(limit: 1).first)
            #expect(letter.crashes == 3)
            let walk = try await queue.replayCrashed(after: nil)
            #expect(walk == (1, letter.id))
            #expect(try await queue.deadLetters(limit: 1).isEmpty)
            #expect(try await queue.snapshot().quarantined == 1)
            let job = try #require(try await fixture.claimSoon(worker: "w").first)
            let member = "\(job.sweep) \(job.bucket) \(job.payload)"
            _ = try await fixture.redis.send(["ZADD", "{test}:lease", "XX", "0", member])
            _ = try await queue.claim(worker: "other", limit: 0)
            #expect(try await queue.deadLetters(limit: 1).count == 1, "one more death is enough")
            #expect(try await queue.replayCrashed(after: nil).replayed == 0)
            try await fixture.expectInvariants(of: "s-1")
        }
    }

    @Test func `What failed, and what died just now, stays dead`() async throws {
        try await QueueFixture.with(.quick { $0.crashReplayAge = .seconds(60) }) { fixture in
            let queue = fixture.queue
            try await fixture.fill("s-1", buckets: ["a"], count: 2)
            let failed = try #require(try await fixture.claimSoon().first)
            #expect(try await queue.settle(failed, as: .discarded(reason: "no such thing")))
            try await bury(fixture)
            let letters = try await queue.deadLetters(limit: 10)
            #expect(letters.count == 2)
            #expect(try await queue.replayCrashed(after: nil) == (0, letters[0].id))
            #expect(try await queue.replayCrashed(after: letters[0].id) == (0, nil))
            let later = fixture.queue(with: .quick { $0.crashReplayAge = .zero })
            #expect(try await later.replayCrashed(after: nil).replayed == 1)
            #expect(try await queue.deadLetters(limit: 10).map(\.reason) == ["no such thing"])
        }
    }

    @Test func `A dead letter can be dropped, and goes by itself once its sweep has expired and it is old`()
        async throws
    {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            try await fixture.fill("s-1", buckets: ["a"], count: 3)
            for job in try await queue.claim(worker: "w", limit: 3).jobs {
                #expect(try await queue.settle(job, as: .discarded(reason: "no such thing")))
            }
            let letters = try await queue.deadLetters(limit: 10)
            #expect(try await queue.drop([letters[0].id, letters[0].id, "1-1"]) == 1)
            let ageless = fixture.queue(with: .quick { $0.deadLetterRetention = .zero })
            #expect(try await ageless.dropExpired(after: nil) == (0, letters[1].id), "the sweep is there")
            _ = try await fixture.redis.send(["DEL", "{test}:s:s-1"])
            #expect(try await queue.dropExpired(after: nil) == (0, letters[1].id), "they are young")
            #expect(try await ageless.dropExpired(after: nil) == (2, letters[1].id))
            #expect(try await queue.deadLetters(limit: 10).isEmpty)
        }
    }

    @Test func `For how long a job has been throttled is known to every attempt, until one ends otherwise`()
        async throws
    {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            try await fixture.fill("s-1", buckets: ["a"], count: 1)
            var job = try #require(try await fixture.claimSoon().first)
            #expect(job.throttledFor == .zero)
            let throttled = JobOutcome.retry(after: .milliseconds(1), reason: "slow down", consumesTry: false)
            #expect(try await queue.settle(job, as: throttled))
            job = try #require(try await fixture.claimSoon().first)
            let first = try #require(job.throttledSince)
            #expect(job.throttledFor > .zero)
            #expect(try await queue.settle(job, as: .released(cursor: nil)))
            job = try #require(try await fixture.claimSoon().first)
            #expect(job.throttledSince == nil, "an attempt that was given back was not throttled")
            job.throttledSince = first
            #expect(try await queue.settle(job, as: throttled))
            job = try #require(try await fixture.claimSoon().first)
            #expect(job.throttledSince == first)
            #expect(try await queue.settle(job, as: .retry(after: .zero, reason: "broken", consumesTry: true)))
            job = try #require(try await fixture.claimSoon().first)
            #expect(job.throttledSince == nil)
            #expect(job.attempt == 2)
        }
    }

    @Test func `A sweep is not closed by whoever filled it under another run of the server`() async throws {
        try await QueueFixture.with { fixture in
            let sweeps = fixture.sweeps
            #expect(try await sweeps.open("s-1", priority: .bulk, fence: nil))
            let run = try await sweeps.serverRun()
            #expect(try await !sweeps.close("s-1", fence: nil, run: "0123456789abcdef"))
            #expect(try await sweeps.sweep("s-1")?.isClosed == false)
            #expect(try await sweeps.close("s-1", fence: nil, run: run))
            #expect(try await sweeps.sweep("s-1")?.isComplete == true)
        }
    }

    @Test func `Back-pressure takes slots at each refusal of another second, and gives them back`() {
        let pressure = BackPressure()
        let start = ContinuousClock.now
        #expect(pressure.slots(of: 100, at: start) == 100)
        pressure.refused(at: start)
        pressure.refused(at: start + .milliseconds(900))
        #expect(pressure.slots(of: 100, at: start + .milliseconds(900)) == 72)
        pressure.refused(at: start + .seconds(1))
        #expect(pressure.slots(of: 100, at: start + .seconds(1)) == 50)
        #expect(pressure.slots(of: 1, at: start + .seconds(1)) == 1)
        #expect(pressure.slots(of: 100, at: start + .seconds(60)) == 100)
    }
}
