internal import Synchronization

extension EventLoop {
    /// Suspends the caller without occupying a thread.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    package func sleep(for duration: Duration) async throws {
        let sleeper = Sleeper(deadline: .now + duration)
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard sleeper.begin(continuation) else { return }
                execute {
                    // Cancelled meanwhile: its timer would stay until the deadline.
                    guard sleeper.isAsleep else { return }
                    sleeper.started(self.schedule(at: sleeper.deadline) { sleeper.finish(throwing: nil) })
                }
            }
        } onCancel: {
            sleeper.finish(throwing: CancellationError())
            execute {
                if let timer = sleeper.timer { self.cancel(timer) }
            }
        }
    }
}

/// One sleeping task; cancellation may come before it begins, while it waits, or after it has woken.
private final class Sleeper: Sendable {
    private struct State {
        var continuation: CheckedContinuation<Void, any Error>?
        var outcome: Result<Void, any Error>?
        var timer: TimerToken?
    }

    let deadline: ContinuousClock.Instant
    private let state = Mutex(State())

    init(deadline: ContinuousClock.Instant) {
        self.deadline = deadline
    }

    var timer: TimerToken? { state.withLock { $0.timer } }

    var isAsleep: Bool { state.withLock { $0.outcome == nil } }

    /// Stores the continuation; false, after resuming it, when the sleep was cancelled before it began.
    func begin(_ continuation: CheckedContinuation<Void, any Error>) -> Bool {
        let outcome = state.withLock { state in
            if state.outcome == nil { state.continuation = continuation }
            return state.outcome
        }
        guard let outcome else { return true }
        continuation.resume(with: outcome)
        return false
    }

    func started(_ timer: TimerToken) {
        state.withLock { $0.timer = timer }
    }

    func finish(throwing error: (any Error)?) {
        let outcome: Result<Void, any Error> = error.map { .failure($0) } ?? .success(())
        let waiter = state.withLock { state in
            defer { state.continuation = nil }
            if state.outcome == nil { state.outcome = outcome }
            return state.continuation
        }
        waiter?.resume(with: outcome)
    }
}
