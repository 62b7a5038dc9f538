import EventLoop
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct TimerTests {
    @Test func `Timers fire by deadline, those of equal deadline as scheduled, and never early`() async throws {
        try await EventLoop.with { loop in
            let fired = Mutex<[String]>([])
            let start = ContinuousClock.now
            await withCheckedContinuation { continuation in
                schedule(loop, start, 30) {
                    fired.withLock { $0.append("third") }
                    continuation.resume()
                }
                schedule(loop, start, 10) { fired.withLock { $0.append("first") } }
                schedule(loop, start, 20) { fired.withLock { $0.append("second a") } }
                schedule(loop, start, 20) { fired.withLock { $0.append("second b") } }
            }
            #expect(fired.withLock { $0 } == ["first", "second a", "second b", "third"])
            #expect(start.duration(to: .now) >= .milliseconds(30))
        }
    }

    @Test func `A cancelled timer never fires, not even when it is due in the same turn`() async throws {
        try await EventLoop.with { loop in
            let fired = Mutex<[String]>([])
            let start = ContinuousClock.now
            await withCheckedContinuation { continuation in
                let cancelled = schedule(loop, start, 1) { fired.withLock { $0.append("cancelled before") } }
                loop.cancel(cancelled)
                let box = Mutex<TimerToken?>(nil)
                schedule(loop, start, 5) { if let token = box.withLock({ $0 }) { loop.cancel(token) } }
                let victim = schedule(loop, start, 5) { fired.withLock { $0.append("cancelled by its neighbour") } }
                box.withLock { $0 = victim }
                schedule(loop, start, 10) { continuation.resume() }
            }
            #expect(fired.withLock { $0 }.isEmpty)
        }
    }

    @Test func `Cancelling a timer that has fired does nothing`() async throws {
        try await EventLoop.with { loop in
            let box = Mutex<TimerToken?>(nil)
            await withCheckedContinuation { continuation in
                let token = loop.schedule(at: .now) { continuation.resume() }
                box.withLock { $0 = token }
            }
            if let token = box.withLock({ $0 }) { loop.cancel(token) }
        }
    }

    @Test func `Ten thousand time-outs that are cancelled leave the one that is not`() async throws {
        try await EventLoop.with { loop in
            await withCheckedContinuation { continuation in
                let tokens = (0..<10_000).map { number in
                    loop.schedule(at: .now + .seconds(3600 + number)) { Issue.record("a cancelled timer fired") }
                }
                loop.schedule(at: .now + .milliseconds(5)) { continuation.resume() }
                for token in tokens { loop.cancel(token) }
            }
        }
    }

    @Test func `A timer may schedule the next one`() async throws {
        try await EventLoop.with { loop in
            await withCheckedContinuation { continuation in again(loop, 20) { continuation.resume() } }
        }
    }
}

@discardableResult
private func schedule(
    _ loop: EventLoop,
    _ start: ContinuousClock.Instant,
    _ milliseconds: Int,
    _ body: @escaping () -> Void
) -> TimerToken {
    loop.schedule(at: start + .milliseconds(milliseconds), body)
}

private func again(_ loop: EventLoop, _ times: Int, _ end: @escaping () -> Void) {
    loop.schedule(at: .now) { times == 0 ? end() : again(loop, times - 1, end) }
}
