import EventLoop
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct SleepTests {
    @Test func `A sleep lasts at least as long as asked`() async throws {
        try await EventLoop.with { loop in
            let start = ContinuousClock.now
            try await loop.sleep(for: .milliseconds(20))
            #expect(start.duration(to: .now) >= .milliseconds(20))
        }
    }

    @Test(arguments: [Duration.zero, .seconds(-5)])
    func `A sleep of no time ends`(duration: Duration) async throws {
        try await EventLoop.with { loop in try await loop.sleep(for: duration) }
    }

    @Test func `A task cancelled before it sleeps does not sleep`() async throws {
        try await EventLoop.with { loop in
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                try await loop.sleep(for: .seconds(3600))
            }
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    @Test func `A task cancelled from the loop wakes at once`() async throws {
        try await EventLoop.with { loop in
            let task = Task(executorPreference: loop) { try await loop.sleep(for: .seconds(3600)) }
            try await loop.sleep(for: .milliseconds(5))
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    @Test func `Tasks cancelled from another thread, at any moment, all wake`() async throws {
        let loop = try EventLoop()
        await withTaskGroup { group in
            for number in 0..<200 {
                group.addTask {
                    let sleeper = Task { try await loop.sleep(for: .seconds(3600)) }
                    for _ in 0..<(number % 10) { await Task.yield() }
                    sleeper.cancel()
                    await #expect(throws: CancellationError.self) { try await sleeper.value }
                }
            }
        }
        loop.shutdown()
    }

    @Test func `Cancelling a task that has woken does nothing`() async throws {
        try await EventLoop.with { loop in
            let task = Task { try await loop.sleep(for: .zero) }
            try await task.value
            task.cancel()
            try await task.value
        }
    }

    @Test func `Sleepers end in the order of their deadlines`() async throws {
        try await EventLoop.with { loop in
            let order = try await withThrowingTaskGroup(of: Int.self) { group in
                for delay in [300, 100, 200, 0] {
                    group.addTask {
                        try await loop.sleep(for: .milliseconds(delay))
                        return delay
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(order == [0, 100, 200, 300])
        }
    }
}
