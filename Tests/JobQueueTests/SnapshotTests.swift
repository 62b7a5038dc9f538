import JobQueue
import Redis
import TestSupport
import Testing

@Suite(.requires("redis-server"), .timeLimit(.minutes(10))) struct SnapshotTests {
    @Test func `Counts every job where it stands`() async throws {
        let settings = QueueSettings.quick {
            $0.jobsInFlightPerBucket = 6
            $0.crashesBeforeQuarantine = 1
            $0.lease = .milliseconds(100)
        }
        try await QueueFixture.with(settings) { fixture in
            let patient = fixture.queue(with: .quick { $0.jobsInFlightPerBucket = 6 })
            let queue = fixture.queue
            try await fixture.fill("s-1", buckets: ["b"], count: 20)
            let jobs = try await patient.claim(worker: "w", limit: 5).jobs
            try #require(jobs.count == 5)
            try await fixture.fill("s-2", buckets: ["a"], count: 1, priority: .now)
            #expect(try await queue.claim(worker: "dying", limit: 1).jobs.map(\.sweep) == ["s-2"])
            try await fixture.claimUntil { $0.quarantined == 1 }
            _ = try await queue.settle(jobs[0], as: .retry(after: .seconds(60), reason: "r", consumesTry: true))
            _ = try await queue.settle(jobs[1], as: .retry(after: .zero, reason: "r", consumesTry: true))
            _ = try await queue.settle(jobs[2], as: .discarded(reason: "r"))

            let snapshot = try await queue.snapshot()
            #expect(snapshot.ready == 15)
            #expect(snapshot.due == 1)
            #expect(snapshot.inFlight == 2)
            #expect(snapshot.delayed == 1)
            #expect(snapshot.quarantined == 1)
            #expect(snapshot.dead == 1)
            #expect(snapshot.startable == 4)
            #expect(snapshot.backlog == 18)
            #expect(snapshot.sweeps.map(\.id) == ["s-2", "s-1"])
        }
    }

    @Test func `The oldest ready job is as old as its sweep`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            #expect(try await queue.snapshot().oldestReadySeconds == 0)
            try await fixture.fill("s-1", buckets: ["a"], count: 1)
            _ = try await fixture.redis.send(["HINCRBYFLOAT", "{test}:s:s-1", "opened", "-90"])
            #expect(try await (90...100).contains(queue.snapshot().oldestReadySeconds))
        }
    }
}

@Suite struct DesiredWorkersTests {
    private func snapshot(ready: Int = 0, startable: Int = 0, inFlight: Int = 0, delayed: Int = 0) -> QueueSnapshot {
        var snapshot = QueueSnapshot()
        snapshot.ready = ready
        snapshot.startable = startable
        snapshot.inFlight = inFlight
        snapshot.delayed = delayed
        return snapshot
    }

    @Test func `An empty queue needs nobody`() {
        #expect(snapshot().desiredWorkers(concurrency: 64, limit: 10) == 0)
    }

    @Test func `Anything unfinished keeps one`() {
        #expect(snapshot(delayed: 1).desiredWorkers(concurrency: 64, limit: 10) == 1)
        #expect(snapshot(ready: 5).desiredWorkers(concurrency: 64, limit: 10) == 1)
    }

    @Test func `As many as have something to do, up to the limit`() {
        #expect(snapshot(ready: 65, startable: 65).desiredWorkers(concurrency: 64, limit: 10) == 2)
        #expect(snapshot(ready: 64, startable: 64, inFlight: 65).desiredWorkers(concurrency: 64, limit: 10) == 3)
        #expect(snapshot(ready: 6400, startable: 6400).desiredWorkers(concurrency: 64, limit: 10) == 10)
    }

    @Test func `Jobs beyond their buckets' caps call for nobody`() {
        #expect(snapshot(ready: 6400, startable: 16).desiredWorkers(concurrency: 64, limit: 10) == 1)
    }

    @Test func `Without room there is nobody`() {
        #expect(snapshot(ready: 10, startable: 10).desiredWorkers(concurrency: 64, limit: 0) == 0)
        #expect(snapshot(ready: 10, startable: 10).desiredWorkers(concurrency: 0, limit: 5) == 0)
    }
}
