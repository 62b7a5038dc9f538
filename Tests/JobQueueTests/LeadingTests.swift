import JobQueue
import TestSupport
import Testing

@Suite(.requires("redis-server"), .timeLimit(.minutes(10))) struct LeadingTests {
    @Test func `One leads, renews under the same number, and another waits`() async throws {
        try await QueueFixture.with { fixture in
            let leadership = fixture.leadership
            let fence = try #require(try await leadership.lead("coordinator", holder: "a", term: .seconds(60)))
            #expect(try await leadership.lead("coordinator", holder: "b", term: .seconds(60)) == nil)
            #expect(try await leadership.lead("coordinator", holder: "a", term: .seconds(60)) == fence)
            #expect(try await leadership.lead("aggregator", holder: "b", term: .seconds(60)) != nil)
        }
    }

    @Test func `A leader that was followed by another is refused`() async throws {
        try await QueueFixture.with { fixture in
            let queue = fixture.queue
            let sweeps = fixture.sweeps
            let leadership = fixture.leadership
            let job = [QueuedJob(bucket: "a", payload: "1")]
            let old = try #require(try await leadership.lead("coordinator", holder: "a", term: .milliseconds(50)))
            #expect(try await sweeps.open("s-1", priority: .bulk, fence: old))
            try await Task.sleep(for: .milliseconds(60))
            #expect(try await queue.enqueue(job, in: "s-1", fence: old) == 1, "nobody else led yet")
            let new = try #require(try await leadership.lead("coordinator", holder: "b", term: .seconds(60)))
            #expect(new.number > old.number)

            let fenced = QueueError.fenced(role: "coordinator")
            let more = [QueuedJob(bucket: "a", payload: "2")]
            await #expect(throws: fenced) { try await sweeps.open("s-2", priority: .bulk, fence: old) }
            await #expect(throws: fenced) { try await queue.enqueue(more, in: "s-1", fence: old) }
            await #expect(throws: fenced) { try await sweeps.close("s-1", fence: old) }
            #expect(try await sweeps.sweep("s-1")?.total == 1)
            #expect(try await sweeps.sweep("s-1")?.isClosed == false)
            #expect(try await leadership.lead("coordinator", holder: "a", term: .seconds(60)) == nil)
            #expect(try await queue.enqueue(more, in: "s-1", fence: new) == 1)
            try await sweeps.close("s-1", fence: new)
        }
    }

    @Test func `Who resigns is followed at once, under a greater number`() async throws {
        try await QueueFixture.with { fixture in
            let sweeps = fixture.sweeps
            let leadership = fixture.leadership
            let first = try #require(try await leadership.lead("coordinator", holder: "a", term: .seconds(60)))
            try await leadership.resign("coordinator", holder: "b")
            #expect(try await leadership.lead("coordinator", holder: "b", term: .seconds(60)) == nil)
            try await leadership.resign("coordinator", holder: "a")
            let second = try #require(try await leadership.lead("coordinator", holder: "b", term: .seconds(60)))
            #expect(second.number > first.number)
            await #expect(throws: QueueError.fenced(role: "coordinator")) {
                try await sweeps.open("s-1", priority: .bulk, fence: first)
            }
        }
    }
}
