/// Random delays below a ceiling that doubles up to a cap ("full jitter").
///
/// The randomness keeps a fleet from retrying all at once.
package struct Backoff: Sendable, Hashable {
    /// The ceiling of the first delay.
    package var base: Duration
    /// The ceiling that no delay exceeds.
    package var cap: Duration

    /// Creates a series that starts below `base` and never exceeds `cap`.
    package init(base: Duration = .milliseconds(50), cap: Duration = .seconds(20)) {
        self.base = base
        self.cap = cap
    }

    /// The largest delay that may follow attempt number `attempt`, which counts from 1.
    package func ceiling(afterAttempt attempt: Int) -> Duration {
        let doublings = min(max(attempt - 1, 0), 30)
        return min(base * (1 << doublings), cap)
    }

    /// A delay drawn evenly between zero and the ceiling.
    package func delay(afterAttempt attempt: Int) -> Duration {
        ceiling(afterAttempt: attempt) * Double.random(in: 0...1)
    }

    /// A delay drawn from a generator of the caller's, so that tests can repeat it.
    package func delay(afterAttempt attempt: Int, using generator: inout some RandomNumberGenerator) -> Duration {
        ceiling(afterAttempt: attempt) * Double.random(in: 0...1, using: &generator)
    }
}
