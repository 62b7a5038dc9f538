internal import Synchronization

/// Until when a leader may take it for granted that nobody else leads, by its own clock.
package final class LeaseDeadline: Sendable {
    private let until: Mutex<ContinuousClock.Instant>

    /// Trusts until then, unless it is extended.
    package init(until: ContinuousClock.Instant) {
        self.until = Mutex(until)
    }

    /// Trusts until a later time.
    package func extend(until later: ContinuousClock.Instant) {
        until.withLock { $0 = max($0, later) }
    }

    /// Returns when there is no trust left, however often it was extended meanwhile.
    package func expired(sleep: (Duration) async throws -> Void) async throws {
        while true {
            let left = until.withLock { $0 } - .now
            guard left > .zero else { return }
            try await sleep(left)
        }
    }
}
