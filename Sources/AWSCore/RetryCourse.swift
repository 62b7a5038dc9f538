internal import Retry

/// The course of one call's attempts in AWS' standard mode (AWS.md §4.8), as a value.
struct RetryCourse: Sendable {
    /// What follows a failed attempt.
    enum Step: Sendable, Hashable {
        case stop
        /// Wait, and take `cost` from the retry budget first.
        case wait(Duration, cost: Int)
    }

    let maximumAttempts: Int
    private var attempts = 1
    private var lastCost = 0
    private var hasCorrectedClock = false
    private var hasRenewedCredentials = false

    init(maximumAttempts: Int) {
        self.maximumAttempts = maximumAttempts
    }

    /// What a success puts back: what its last retry took, or 1.
    var refund: Int { lastCost == 0 ? 1 : lastCost }

    /// Throttling waits longer, since a second attempt at once is sure to be refused too.
    mutating func next(after disposition: Disposition) -> Step {
        guard disposition.isRetryable, attempts < maximumAttempts else { return .stop }
        defer { attempts += 1 }
        switch disposition {
        case .throttled(let asked):
            lastCost = 5
            let drawn = Backoff(base: .seconds(1)).delay(afterAttempt: attempts)
            return .wait(max(drawn, asked ?? .zero), cost: lastCost)
        case .transient, .serverFault, .permanent:
            lastCost = disposition == .transient ? 10 : 5
            return .wait(Backoff(base: .milliseconds(50)).delay(afterAttempt: attempts), cost: lastCost)
        }
    }

    /// True once: a clock that is off after a correction is not the clock.
    mutating func mayCorrectClock() -> Bool {
        defer { hasCorrectedClock = true }
        return !hasCorrectedClock
    }

    /// True once: fresh credentials that are refused are not expired.
    mutating func mayRenewCredentials() -> Bool {
        defer { hasRenewedCredentials = true }
        return !hasRenewedCredentials
    }
}
