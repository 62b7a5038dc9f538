internal import Support

/// The retries of one call in AWS' standard mode (ops/design/aws.md §4.8), as a value: it decides and waits for nothing.
struct RetryState: Sendable, Hashable {
    /// The step after a failed attempt.
    enum Step: Sendable, Hashable {
        case stop
        /// Another attempt at once, dated by the host's clock.
        case correctClock
        /// Another attempt at once, with new credentials.
        case renewCredentials
        /// Another attempt after a wait, once `cost` is taken from the retry budget.
        case wait(Duration, cost: Int)
    }

    let terms: RetryTerms
    let isIdempotent: Bool
    /// The number of the attempt in progress, from 1.
    private(set) var attempt = 1
    /// The tokens that a success returns to the retry budget: the cost of the last retry, or 1 without one.
    private(set) var refund = 1
    private var retries = 0
    private var hasCorrectedClock = false
    private var hasRenewedCredentials = false

    init(terms: RetryTerms, isIdempotent: Bool) {
        self.terms = terms
        self.isIdempotent = isIdempotent
    }

    /// Decides the next step after `failure`.
    ///
    /// `skew` is the host's time minus the time that dated the request, in seconds; `asked` is the wait that the answer
    /// asked for.
    mutating func step(after failure: any Error, skew: Double?, asked: Duration?) -> Step {
        let step = decide(after: failure, skew: skew, asked: asked)
        if step != .stop { attempt += 1 }
        return step
    }

    private mutating func decide(after failure: any Error, skew: Double?, asked: Duration?) -> Step {
        if let refused = failure as? AWSServiceError {
            // AWS tolerates a skew of several minutes: less than one minute is not the reason of the refusal.
            if refused.mayBeClockSkew, let skew, abs(skew) > 60, !hasCorrectedClock {
                hasCorrectedClock = true
                return .correctClock
            }
            if refused.isExpiredToken || refused.mayBeRevokedSession {
                // Where AWS refuses fresh credentials too, age is not the reason: renewing again would not help.
                defer { hasRenewedCredentials = true }
                return hasRenewedCredentials ? .stop : .renewCredentials
            }
        }
        let disposition = failure.dispositionOrPermanent
        guard disposition.isRetryable, retries + 1 < terms.maximumAttempts else { return .stop }
        if !isIdempotent {
            // Only a throttled request is known to have had no effect.
            guard case .throttled = disposition else { return .stop }
        }
        retries += 1
        let (base, cost) = terms(after: disposition)
        refund = cost
        let drawn = Backoff(base: base).delay(afterAttempt: retries)
        // The answer's wait counts between our own backoff and 5 s more than that.
        return .wait(max(drawn, min(asked ?? .zero, drawn + .seconds(5))), cost: cost)
    }

    private func terms(after disposition: Disposition) -> (base: Duration, cost: Int) {
        switch disposition {
        case .throttled: (terms.throttleBase, terms.throttleCost)
        case .transient: (terms.faultBase, terms.timeOutCost)
        case .serverFault, .permanent: (terms.faultBase, terms.faultCost)
        }
    }
}
