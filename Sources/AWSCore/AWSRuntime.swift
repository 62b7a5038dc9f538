package import HTTPTransport
internal import Retry
internal import Synchronization

/// What all AWS clients of a process share: the way out, the clock, the retry budget and the learned clock skew.
package final class AWSRuntime: Sendable {
    package let http: HTTPClient
    package let endpoints: EndpointResolver
    let sleep: @Sendable (Duration) async throws -> Void
    /// Seconds since 1970, by this machine's clock.
    package let now: @Sendable () -> Double
    let observe: @Sendable (AWSCallRecord) -> Void
    private let budgets: Mutex<[String: RetryBudget]> = Mutex([:])
    private let skews: Mutex<[String: Double]> = Mutex([:])

    /// Joins the parts; `now` gives seconds since 1970, `observe` hears of every attempt.
    package init(
        http: HTTPClient,
        endpoints: EndpointResolver,
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        now: @escaping @Sendable () -> Double,
        observe: @escaping @Sendable (AWSCallRecord) -> Void = { _ in }
    ) {
        self.http = http
        self.endpoints = endpoints
        self.sleep = sleep
        self.now = now
        self.observe = observe
    }

    /// The time as the host's clock has it, as far as its answers have told.
    func time(at host: String) -> Double { now() + skews.withLock { $0[host] ?? 0 } }

    func learnSkew(_ seconds: Double, at host: String) { skews.withLock { $0[host] = seconds } }

    /// Takes the cost of a retry from the service's budget in that region; one that fails must not starve the others.
    func withdraw(_ cost: Int, _ key: String) -> Bool {
        budgets.withLock { $0[key, default: RetryBudget()].withdraw(cost) }
    }

    func deposit(_ amount: Int, _ key: String) {
        budgets.withLock { $0[key, default: RetryBudget()].deposit(amount) }
    }
}

/// One attempt at a call, as metrics count it.
package struct AWSCallRecord: Sendable, Hashable {
    /// How an attempt ended.
    package enum Outcome: String, Sendable, Hashable {
        case ok
        case throttled
        case error
        case transport
    }

    package var service: String
    package var operation: String
    package var outcome: Outcome
    package var duration: Duration
}
