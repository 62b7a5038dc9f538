import JobQueue
import TestSupport
import Testing

@Suite(.requires("redis-server"), .timeLimit(.minutes(10))) struct CancelTests {
    @Test func `Cancelling drops what waits, stops what runs, and completes the sweep`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            let sweeps = fixture.sweeps
            try await fixture.fill("s-1", buckets: ["a", "b"], count: 200)
            try await fixture.fill("s-2", buckets: ["a"], count: 1)
            let jobs = try await queue.claim(worker: "w", limit: 5).jobs
            try #require(jobs.count == 5)
            #expect(try await queue.settle(jobs[0], as: .completed()))
            let retry = JobOutcome.retry(after: .milliseconds(1), reason: "r", consumesTry: true)
            #expect(try await queue.settle(jobs[1], as: retry))
            #expect(try await sweeps.cancel("s-1"))
            #expect(try await !sweeps.cancel("s-1"))

            #expect(try await queue.settle(jobs[2], as: .completed()), "what was finished counts as done")
            #expect(try await queue.settle(jobs[3], as: .released(cursor: nil)))
            #expect(try await queue.renewLeases([jobs[4]], worker: "w") == [jobs[4]])
            #expect(try await !queue.settle(jobs[4], as: .completed()))
            try await fixture.claimUntil(limit: 1) { $0.ready + $0.due + $0.delayed == 0 }

            let progress = try #require(try await sweeps.sweep("s-1"))
            #expect(progress.isStopped && progress.isComplete)
            #expect(progress.done == 2 && progress.cancelled == 398)
            #expect(try await !sweeps.cancel("s-1"))
        }
    }

    @Test func `A cancelled sweep takes no more jobs and does not touch another`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            let sweeps = fixture.sweeps
            #expect(try await sweeps.open("s-1", priority: .bulk, fence: nil))
            #expect(try await queue.enqueue([QueuedJob(bucket: "a", payload: "1")], in: "s-1", fence: nil) == 1)
            try await sweeps.cancel("s-1")
            #expect(try await queue.enqueue([QueuedJob(bucket: "a", payload: "2")], in: "s-1", fence: nil) == 0)
            try await fixture.fill("s-2", buckets: ["a"], count: 3)
            let jobs = try await queue.claim(worker: "w", limit: 10).jobs
            #expect(jobs.map(\.sweep) == ["s-2", "s-2", "s-2"])
            for job in jobs { #expect(try await queue.settle(job, as: .completed())) }
            try await fixture.expectInvariants(of: "s-1")
            try await fixture.expectInvariants(of: "s-2")
        }
    }

    @Test func `Dead letters of a cancelled sweep are not replayed`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            let sweeps = fixture.sweeps
            try await fixture.fill("s-1", buckets: ["a"], count: 2)
            let job = try #require(try await queue.claim(worker: "w", limit: 1).jobs.first)
            #expect(try await queue.settle(job, as: .discarded(reason: "r")))
            try await sweeps.cancel("s-1")
            #expect(try await queue.replay(try await queue.deadLetters(limit: 1).map(\.id)) == 0)
            #expect(try await queue.deadLetters(limit: 1).count == 1)
        }
    }
}
