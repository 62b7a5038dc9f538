internal import Synchronization

/// The time until which a leader may be sure that nobody else leads, by its own monotonic clock.
package final class LeaseDeadline: Sendable {
    private let until: Mutex<ContinuousClock.Instant>

    /// Begins with the end of the first term, less a safety margin.
    package init(until: ContinuousClock.Instant) {
        self.until = Mutex(until)
    }

    /// Moves the deadline to `later` after a renewal; an earlier time is ignored.
    package func extend(until later: ContinuousClock.Instant) {
        until.withLock { $0 = max($0, later) }
    }

    /// Returns once the deadline has passed, however often it was extended meanwhile.
    package func expired(sleep: (Duration) async throws -> Void) async throws {
        while true {
            let left = until.withLock { $0 } - .now
            guard left > .zero else { return }
            try await sleep(left)
        }
    }
}
