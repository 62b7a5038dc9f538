internal import Synchronization

/// Limits a worker's concurrency while the store, which all of its jobs need, refuses calls.
///
/// A refusal takes away three tenths of the slots, at most once a second; each second without one gives back a fiftieth
/// of all. So a worker claims only as many jobs as the store keeps up with, and the rest stay in the queue for others.
package final class BackPressure: Sendable {
    private struct State {
        var share = 1.0
        var changed: ContinuousClock.Instant?
    }

    private let state = Mutex(State())

    /// Begins with all slots, as before any refusal.
    package init() {}

    /// Records that the store refused a call, which takes away slots at most once a second.
    package func refused(at now: ContinuousClock.Instant = .now) {
        state.withLock { state in
            if let changed = state.changed, now - changed < .seconds(1) { return }
            state = State(share: Self.share(state, at: now) * 0.7, changed: now)
        }
    }

    /// Returns how many of `concurrency` jobs may be held; at least one.
    package func slots(of concurrency: Int, at now: ContinuousClock.Instant = .now) -> Int {
        let share = state.withLock { Self.share($0, at: now) }
        return min(concurrency, max(1, Int((Double(concurrency) * share).rounded())))
    }

    private static func share(_ state: State, at now: ContinuousClock.Instant) -> Double {
        guard let changed = state.changed else { return 1 }
        return min(1, state.share + (now - changed) / .seconds(1) / 50)
    }
}
