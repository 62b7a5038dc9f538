import EventLoop
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct ExecutorTests {
    @Test func `A task that prefers the loop runs on its thread, before and after it was suspended`() async throws {
        try await EventLoop.with { loop in
            #expect(loop.isCurrent)
            await Task.yield()
            #expect(loop.isCurrent)
            try await loop.sleep(for: .milliseconds(1))
            #expect(loop.isCurrent)
        }
    }

    @Test func `Child tasks run on the loop of their parent`() async throws {
        try await EventLoop.with { loop in
            let wereOnLoop = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        await Task.yield()
                        return loop.isCurrent
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(wereOnLoop == Array(repeating: true, count: 10))
        }
    }

    @Test func `Work sent to the pool leaves the loop and comes back`() async throws {
        try await EventLoop.with { loop in
            let wasOnLoop = await withTaskExecutorPreference(globalConcurrentExecutor) { loop.isCurrent }
            #expect(!wasOnLoop)
            #expect(loop.isCurrent)
        }
    }

    @Test func `An actor of the loop runs on its thread, whoever calls it`() async throws {
        let loop = try EventLoop()
        let actor = OnLoop(loop: loop)
        #expect(!loop.isCurrent)
        #expect(await actor.isOnLoop)
        #expect(!loop.isCurrent)
        loop.shutdown()
    }

    @Test func `An actor without an executor of its own runs on the loop that its caller prefers`() async throws {
        try await EventLoop.with { loop in
            #expect(await Ordinary().isOn(loop))
            #expect(loop.isCurrent)
        }
    }

    @Test func `Callers on all threads never meet inside an actor of the loop`() async throws {
        let loop = try EventLoop()
        let actor = OnLoop(loop: loop)
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask { for _ in 0..<500 { await actor.add() } }
            }
        }
        #expect(await actor.count == 4000)
        loop.shutdown()
    }

    @Test func `A callback of the loop may enter the loop's actors without waiting`() async throws {
        try await EventLoop.with { loop in
            let actor = OnLoop(loop: loop)
            await withCheckedContinuation { continuation in
                loop.schedule(at: .now) {
                    actor.assumeIsolated { $0.add() }
                    continuation.resume()
                }
            }
            #expect(await actor.count == 1)
        }
    }

    @Test func `What is left to the end of the turn runs once, after the jobs that are ready`() async throws {
        try await EventLoop.with { loop in
            let seen = Notes()
            loop.atEndOfTurn { seen.add("end") }
            await withTaskGroup { group in
                for _ in 0..<3 { group.addTask { seen.add("job") } }
            }
            while !seen.all.contains("end") { await Task.yield() }
            #expect(seen.all == ["job", "job", "job", "end"])
            // Asleep until the timer, the loop must not lose what that leaves to its turn's end.
            loop.schedule(at: .now + .milliseconds(5)) { loop.atEndOfTurn { seen.add("late") } }
            while !seen.all.contains("late") { try await loop.sleep(for: .milliseconds(2)) }
        }
    }

    @Test func `A task that never waits does not keep sockets and timers from their turn`() async throws {
        try await EventLoop.with { loop in
            let seen = Notes()
            loop.schedule(at: .now + .milliseconds(5)) { seen.add("timer") }
            while seen.all.isEmpty { await Task.yield() }
        }
    }

    @Test func `Closures run in the order in which they were handed over`() async throws {
        let loop = try EventLoop()
        let seen = Mutex<[Int]>([])
        for number in 0..<100 { loop.execute { seen.withLock { $0.append(number) } } }
        await withCheckedContinuation { continuation in loop.execute { continuation.resume() } }
        #expect(seen.withLock { $0 } == Array(0..<100))
        loop.shutdown()
    }

    @Test func `A loop that sleeps is woken from another thread, again and again`() async throws {
        let loop = try EventLoop()
        for _ in 0..<200 {
            // Long enough for the loop to fall asleep in most rounds.
            try await Task.sleep(for: .microseconds(200))
            await withCheckedContinuation { continuation in loop.execute { continuation.resume() } }
        }
        loop.shutdown()
    }

    @Test func `A loop that was shut down runs nothing more, and gives back what it held`() async throws {
        weak var ended: EventLoop?
        let ran = Mutex(false)
        do {
            let loop = try EventLoop()
            ended = loop
            loop.shutdown()
            loop.shutdown()
            loop.execute { ran.withLock { $0 = true } }
        }
        #expect(ended == nil)
        #expect(!ran.withLock { $0 })
    }

    @Test func `What was handed over before the shutdown still runs`() throws {
        let loop = try EventLoop()
        let count = Mutex(0)
        for _ in 0..<50 { loop.execute { count.withLock { $0 += 1 } } }
        loop.shutdown()
        #expect(count.withLock { $0 } == 50)
    }
}

private final class Notes: Sendable {
    private let notes: Mutex<[String]> = Mutex([])

    var all: [String] { notes.withLock { $0 } }

    func add(_ note: String) { notes.withLock { $0.append(note) } }
}

private actor OnLoop {
    nonisolated let loop: EventLoop
    private(set) var count = 0

    init(loop: EventLoop) {
        self.loop = loop
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    var isOnLoop: Bool { loop.isCurrent }

    func add() { count += 1 }
}

private actor Ordinary {
    func isOn(_ loop: EventLoop) -> Bool { loop.isCurrent }
}
