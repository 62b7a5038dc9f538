import JobQueue
import Support
import TestSupport
import Testing

@Suite(.requires("redis-server"), .timeLimit(.minutes(10))) struct JobConsumerTests {
    @Test func `It fills all its slots, and never more`() async throws {
        try await QueueFixture.with { fixture in
            let witness = Witness()
            try await fixture.fill("s-1", buckets: ["a", "b"], count: 20)
            let consumer = fixture.consumer("w", .init(concurrency: 4), witness: witness)
            try await fixture.run([consumer], until: { try await fixture.isComplete("s-1") }) { job in
                try await witness.work(job, for: .milliseconds(20), on: fixture.loop)
            }
            #expect(witness.mostRunning == 4)
            #expect(witness.held.max() == 4)
            #expect(witness.held.last == 0)
            #expect(try await fixture.sweeps.sweep("s-1")?.tallies == ["jobs": 40])
            try await fixture.expectInvariants(of: "s-1")
        }
    }

    @Test func `A slot that is free is filled at once, however long the idle pause is`() async throws {
        var settings = QueueSettings.quick
        settings.jobsInFlightPerBucket = 1
        try await QueueFixture.with(settings) { fixture in
            let witness = Witness()
            try await fixture.fill("s-1", buckets: ["a"], count: 20)
            let consumer = fixture.consumer("w", .init(idlePause: .seconds(30)), witness: witness)
            let start = ContinuousClock.now
            try await fixture.run([consumer], until: { try await fixture.isComplete("s-1") }) { job in
                try await witness.work(job, for: .milliseconds(5), on: fixture.loop)
            }
            #expect(ContinuousClock.now - start < .seconds(15))
        }
    }

    @Test func `Draining lets jobs end within the grace period`() async throws {
        try await QueueFixture.with { fixture in
            let witness = Witness()
            try await fixture.fill("s-1", buckets: ["a"], count: 3)
            let consumer = fixture.consumer("w", .init(concurrency: 3), witness: witness)
            try await fixture.run([consumer], until: { witness.begun.count == 3 }) { job in
                try await witness.work(job, for: .milliseconds(300), on: fixture.loop)
            }
            #expect(witness.cancelled.isEmpty)
            try await fixture.expectInvariants(of: "s-1")
        }
    }

    @Test func `What the grace period cuts off goes back in its order, and has lost no try`() async throws {
        try await QueueFixture.with { fixture in
            let witness = Witness()
            try await fixture.fill("s-1", buckets: ["a"], count: 12)
            let consumer = fixture.consumer("w", .init(concurrency: 8, grace: .milliseconds(100)), witness: witness)
            try await fixture.run([consumer], until: { witness.begun.count == 8 }) { job in
                try await witness.work(job, for: .seconds(600), on: fixture.loop)
            }
            #expect(witness.cancelled.count == 8)
            #expect(witness.outcomes == Array(repeating: .released(cursor: nil), count: 8))
            #expect(try await fixture.queue.snapshot().ready == 12)
            let again = try await fixture.queue.claim(worker: "next", limit: 12).jobs
            #expect(again.map(\.payload) == (0..<12).map { "a/\($0)" })
            #expect(again.allSatisfy { $0.attempt == 1 })
        }
    }

    @Test func `A job that answers its cancellation with a cursor goes on from there`() async throws {
        try await QueueFixture.with { fixture in
            let witness = Witness()
            try await fixture.fill("s-1", buckets: ["a"], count: 1)
            let consumer = fixture.consumer("w", .init(grace: .zero), witness: witness)
            try await fixture.run([consumer], until: { !witness.begun.isEmpty }) { job in
                do {
                    return try await witness.work(job, for: .seconds(600), on: fixture.loop)
                } catch {
                    return .released(cursor: "page 3")
                }
            }
            #expect(try await fixture.claimSoon().map(\.cursor) == ["page 3"])
        }
    }

    @Test func `However its work words a cancellation, a released job has lost no try`() async throws {
        try await QueueFixture.with { fixture in
            let witness = Witness()
            try await fixture.fill("s-1", buckets: ["a"], count: 1)
            let consumer = fixture.consumer("w", .init(grace: .zero), witness: witness)
            try await fixture.run([consumer], until: { !witness.begun.isEmpty }) { job in
                do {
                    return try await witness.work(job, for: .seconds(600), on: fixture.loop)
                } catch {
                    throw WorkFailed(disposition: .transient)
                }
            }
            #expect(try await fixture.claimSoon().map(\.attempt) == [1])
        }
    }

    @Test func `A lost lease cancels the job, which is not settled`() async throws {
        try await QueueFixture.with(.brief) { fixture in
            let witness = Witness()
            try await fixture.fill("s-1", buckets: ["a"], count: 1)
            // It beats too late, as if it had been frozen; by then it has been given its own job again.
            let settings = JobConsumer.Settings(renewEvery: .seconds(1), idlePause: .milliseconds(20))
            let consumer = fixture.consumer("late", settings, witness: witness)
            try await fixture.run([consumer], until: { !witness.lost.isEmpty }) { job in
                if witness.begun.isEmpty {
                    return try await witness.work(job, for: .seconds(600), on: fixture.loop)
                }
                return .completed(tallies: ["jobs": 1])
            }
            #expect(witness.cancelled == ["a/0"])
            #expect(witness.lost == ["a/0"])
            #expect(witness.outcomes == [.completed(tallies: ["jobs": 1])])
            #expect(try await fixture.sweeps.sweep("s-1")?.recovered == 1)
            try await fixture.expectInvariants(of: "s-1")
        }
    }

    @Test func `The jobs of a sweep that is cancelled end at the next beat`() async throws {
        try await QueueFixture.with { fixture in
            let witness = Witness()
            try await fixture.fill("s-1", buckets: ["a"], count: 5)
            let consumer = fixture.consumer(
                "w",
                .init(concurrency: 3, renewEvery: .milliseconds(50)),
                witness: witness
            )
            var isCancelled = false
            try await fixture.run(
                [consumer],
                until: {
                    if witness.begun.count == 3 && !isCancelled {
                        try await fixture.sweeps.cancel("s-1")
                        isCancelled = true
                    }
                    return try await fixture.isComplete("s-1")
                }
            ) { job in
                try await witness.work(job, for: .seconds(600), on: fixture.loop)
            }
            #expect(witness.begun.count == 3)
            #expect(witness.lost.count == 3)
            #expect(try await fixture.sweeps.sweep("s-1")?.cancelled == 5)
            try await fixture.expectInvariants(of: "s-1")
        }
    }

    @Test func `A job that throws is tried again, a throttled one without losing a try`() async throws {
        try await QueueFixture.with { fixture in
            let witness = Witness()
            try await fixture.fill("s-1", buckets: ["a"], count: 2)
            let consumer = fixture.consumer(witness: witness)
            try await fixture.run([consumer], until: { try await fixture.isComplete("s-1") }) { job in
                let isFirst = !witness.begun.contains(job.payload)
                _ = try await witness.work(job, for: .zero, on: fixture.loop)
                let isThrottled = job.payload == "a/1"
                if isFirst { throw WorkFailed(disposition: isThrottled ? .throttled(retryAfter: nil) : .permanent) }
                #expect(job.attempt == (isThrottled ? 1 : 2))
                return .completed(tallies: ["jobs": 1])
            }
            #expect(try await fixture.sweeps.sweep("s-1")?.retried == 2)
            #expect(try await fixture.sweeps.sweep("s-1")?.tallies == ["jobs": 2])
            try await fixture.expectInvariants(of: "s-1")
        }
    }

    @Test func `An attempt that takes too long is cancelled and has lost a try`() async throws {
        try await QueueFixture.with { fixture in
            let witness = Witness()
            try await fixture.fill("s-1", buckets: ["a"], count: 1)
            let settings = JobConsumer.Settings(renewEvery: .milliseconds(50), longest: .milliseconds(200))
            let consumer = fixture.consumer("w", settings, witness: witness)
            try await fixture.run([consumer], until: { try await fixture.isComplete("s-1") }) { job in
                guard job.attempt == 1 else { return .completed() }
                return try await witness.work(job, for: .seconds(600), on: fixture.loop)
            }
            #expect(witness.cancelled == ["a/0"])
            #expect(try await fixture.sweeps.sweep("s-1")?.retried == 1)
            try await fixture.expectInvariants(of: "s-1")
        }
    }

    @Test func `An attempt that a slow quota held up has lost no try, however often`() async throws {
        try await QueueFixture.with(.quick { $0.tries = 2 }) { fixture in
            let witness = Witness()
            try await fixture.fill("s-1", buckets: ["a"], count: 1)
            let settings = JobConsumer.Settings(
                renewEvery: .milliseconds(20),
                idlePause: .milliseconds(20),
                longest: .milliseconds(60)
            )
            let consumer = fixture.consumer("w", settings, witness: witness, isPaced: { $0.bucket == "a" })
            try await fixture.run([consumer], until: { try await fixture.isComplete("s-1") }) { job in
                #expect(job.attempt == 1)
                guard witness.begun.count < 4 else { return .completed() }
                return try await witness.work(job, for: .seconds(600), on: fixture.loop)
            }
            #expect(witness.cancelled.count == 4)
            #expect(try await fixture.sweeps.sweep("s-1")?.done == 1)
        }
    }
}

private struct WorkFailed: Error, Classified {
    var disposition: Disposition
}
