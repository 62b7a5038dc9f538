import JobQueue
import Redis
import Support
import TestSupport
import Testing

@Suite(.requires("redis-server"), .timeLimit(.minutes(10))) struct EnqueueTests {
    @Test func `Enqueues every job once, however often and in whatever chunks it is told`() async throws {
        try await QueueFixture.with(.quick { $0.enqueueChunk = 7 }) { fixture in
            let queue = fixture.queue
            let sweeps = fixture.sweeps
            let jobs = (0..<50).map { QueuedJob(bucket: "a:\($0 % 3)", payload: "job \($0)") }
            #expect(try await sweeps.open("s-1", priority: .bulk, fence: nil))
            #expect(try await queue.enqueue(Array(jobs[..<20]), in: "s-1", fence: nil) == 20)
            let others = fixture.queue(with: .quick)
            #expect(try await others.enqueue(jobs, in: "s-1", fence: nil) == 30)
            #expect(try await queue.enqueue(jobs, in: "s-1", fence: nil) == 0)
            let progress = try await sweeps.sweep("s-1")
            #expect(progress?.total == 50)
            #expect(try await queue.snapshot().ready == 50)
        }
    }

    @Test func `Adds nothing again while jobs run or when they are over`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            let sweeps = fixture.sweeps
            let jobs = (0..<3).map { QueuedJob(bucket: "a", payload: "\($0)") }
            #expect(try await sweeps.open("s-1", priority: .bulk, fence: nil))
            #expect(try await queue.enqueue(jobs, in: "s-1", fence: nil) == 3)
            let leased = try await queue.claim(worker: "w", limit: 2).jobs
            try #require(leased.count == 2)
            #expect(try await queue.settle(leased[0], as: .completed()))
            #expect(try await queue.enqueue(jobs, in: "s-1", fence: nil) == 0)
            #expect(try await queue.snapshot().ready == 1)
        }
    }

    @Test func `A sweep that exists is not opened again, and a closed one takes nothing`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            let sweeps = fixture.sweeps
            try await fixture.fill("s-1", buckets: ["a"], count: 2)
            #expect(try await !sweeps.open("s-1", priority: .now, fence: nil))
            let late = [QueuedJob(bucket: "a", payload: "late")]
            #expect(try await queue.enqueue(late, in: "s-1", fence: nil) == 0)
            #expect(try await sweeps.sweep("s-1")?.total == 2)
        }
    }

    @Test func `A sweep that was never opened takes no jobs`() async throws {
        try await QueueFixture.with { fixture in
            await #expect(throws: QueueError.unknownSweep("s-1")) {
                try await fixture.queue.enqueue([QueuedJob(bucket: "a", payload: "1")], in: "s-1", fence: nil)
            }
            await #expect(throws: QueueError.unknownSweep("s-1")) { try await fixture.sweeps.close("s-1", fence: nil) }
            let progress = try await fixture.sweeps.sweep("s-1")
            #expect(progress == nil)
        }
    }

    @Test(arguments: ["", "two words", "line\nend"])
    func `Names that a key cannot hold are refused`(name: String) async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            let sweeps = fixture.sweeps
            let refusal = QueueError.invalidName(name)
            await #expect(throws: refusal) { try await sweeps.open(name, priority: .bulk, fence: nil) }
            await #expect(throws: refusal) { try await queue.claim(worker: name, limit: 1) }
            _ = try await sweeps.open("s-1", priority: .bulk, fence: nil)
            await #expect(throws: refusal) {
                try await queue.enqueue([QueuedJob(bucket: name, payload: "1")], in: "s-1", fence: nil)
            }
        }
    }

    @Test func `Payloads and cursors may hold anything`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            let sweeps = fixture.sweeps
            let payload = "two words \n {}\" é ☃ p 1 2 3"
            #expect(try await sweeps.open("s-1", priority: .bulk, fence: nil))
            #expect(try await queue.enqueue([QueuedJob(bucket: "a", payload: payload)], in: "s-1", fence: nil) == 1)
            let first = try #require(try await queue.claim(worker: "w", limit: 1).jobs.first)
            #expect(first.payload == payload)
            #expect(try await queue.settle(first, as: .released(cursor: " a\nb ")))
            let second = try #require(try await queue.claim(worker: "w", limit: 1).jobs.first)
            #expect(second.payload == payload)
            #expect(second.cursor == " a\nb ")
        }
    }

    @Test func `Without memory a chunk is refused whole, and work goes on until there is room`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            let sweeps = fixture.sweeps
            let jobs = (0..<10).map { QueuedJob(bucket: "a", payload: "\($0)") }
            #expect(try await sweeps.open("s-1", priority: .bulk, fence: nil))
            #expect(try await queue.enqueue(Array(jobs[..<5]), in: "s-1", fence: nil) == 5)
            _ = try await fixture.redis.send(["CONFIG", "SET", "maxmemory", "1"])
            let refusal = await #expect(throws: RedisError.self) {
                try await queue.enqueue(jobs, in: "s-1", fence: nil)
            }
            #expect(refusal?.disposition == .transient)
            #expect(try await queue.snapshot().ready == 5)
            let leased = try await queue.claim(worker: "w", limit: 5).jobs
            try #require(leased.count == 5)
            #expect(try await queue.renewLeases(leased, worker: "w").isEmpty)
            #expect(try await queue.settle(leased[0], as: .completed(tallies: ["images": 1])))
            #expect(try await queue.settle(leased[1], as: .retry(after: nil, reason: "r", consumesTry: true)))
            #expect(try await queue.settle(leased[2], as: .discarded(reason: "r")))
            _ = try await fixture.redis.send(["CONFIG", "SET", "maxmemory", "0"])
            #expect(try await queue.enqueue(jobs, in: "s-1", fence: nil) == 5)
        }
    }
}
