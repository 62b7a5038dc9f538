internal import Support

/// The course of one call's attempts in AWS' standard mode (AWS.md §4.8), as a value.
struct RetryState: Sendable, Hashable {
    /// What follows a failed attempt.
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
    /// Which attempt is under way, from 1.
    private(set) var attempt = 1
    /// What a success puts back: what its last retry took, or 1.
    private(set) var refund = 1
    private var retries = 0
    private var hasCorrectedClock = false
    private var hasRenewedCredentials = false

    init(terms: RetryTerms, isIdempotent: Bool) {
        self.terms = terms
        self.isIdempotent = isIdempotent
    }

    /// Decides what follows `failure`; `skew` is the host's time less the time that dated the request, in seconds, and
    /// `asked` the wait that the answer asked for.
    mutating func step(after failure: any Error, skew: Double?, asked: Duration?) -> Step {
        let step = decide(after: failure, skew: skew, asked: asked)
        if step != .stop { attempt += 1 }
        return step
    }

    private mutating func decide(after failure: any Error, skew: Double?, asked: Duration?) -> Step {
        if let refused = failure as? AWSServiceError {
            // Below a minute the clock is not why AWS, which allows minutes, refuses a signature.
            if refused.mayBeClockSkew, let skew, abs(skew) > 60, !hasCorrectedClock {
                hasCorrectedClock = true
                return .correctClock
            }
            if refused.isExpiredToken || refused.mayBeRevokedSession {
                // Fresh credentials that are refused are not merely old.
                defer { hasRenewedCredentials = true }
                return hasRenewedCredentials ? .stop : .renewCredentials
            }
        }
        let disposition = failure.dispositionOrPermanent
        guard disposition.isRetryable, retries + 1 < terms.maximumAttempts else { return .stop }
        if !isIdempotent {
            // Of all failures only a refusal for the pace proves that the request had no effect.
            guard case .throttled = disposition else { return .stop }
        }
        retries += 1
        let (base, cost) = terms(after: disposition)
        refund = cost
        let drawn = Backoff(base: base).delay(afterAttempt: retries)
        // Neither shorter than we would wait anyway, nor longer than 5 s more, however long the answer asks.
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
