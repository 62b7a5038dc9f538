package import HTTPTransport
internal import Support
internal import Synchronization

/// The parts that all AWS clients of a process share: transport, endpoints, clock, and each host's clock skew.
package final class AWSRuntime: Sendable {
    /// The transport that carries every attempt.
    package let http: HTTPClient
    /// Finds the URL and the signing region of each service.
    package let endpoints: EndpointResolver
    /// Seconds since 1970 by this machine's clock.
    package let now: @Sendable () -> Double
    let retries: RetryPolicy
    let userAgent: String
    let sleep: @Sendable (Duration) async throws -> Void
    let observe: @Sendable (AWSCallRecord) -> Void
    private let skews: Mutex<[String: Double]> = Mutex([:])

    /// Joins the parts; `now` gives seconds since 1970.
    ///
    /// `observe` is called after every attempt; `version` goes into the `User-Agent` that CloudTrail shows.
    package init(
        http: HTTPClient,
        endpoints: EndpointResolver,
        retries: RetryPolicy = .standard,
        version: String = "development",
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        now: @escaping @Sendable () -> Double,
        observe: @escaping @Sendable (AWSCallRecord) -> Void = { _ in }
    ) {
        self.http = http
        self.endpoints = endpoints
        self.retries = retries
        userAgent = "scanfleet/\(version)"
        self.sleep = sleep
        self.now = now
        self.observe = observe
    }

    /// The host's time in seconds since 1970: this machine's clock plus the skew last learnt, 0 at first.
    func time(at host: String) -> Double { now() + skews.withLock { $0.isEmpty ? 0 : $0[host] ?? 0 } }

    /// Stores the host's skew; `seconds` is its present time, in seconds since 1970.
    func learnTime(_ seconds: Double, at host: String) {
        let skew = seconds - now()
        skews.withLock { $0[host] = skew }
    }
}

/// One attempt at a call, as metrics count it; an attempt that its caller cancelled is not counted.
package struct AWSCallRecord: Sendable, Hashable {
    /// How an attempt ended.
    package enum Outcome: String, Sendable, Hashable {
        case ok
        case throttled
        /// The service answered with another error, or the answer cannot be read.
        case error
        /// No answer came.
        case transport

        init?(_ error: any Error) {
            switch error {
            case is CancellationError: return nil
            case let error as AWSServiceError:
                if case .throttled = error.disposition { self = .throttled } else { self = .error }
            case is AWSDecodingError: self = .error
            default: self = .transport
            }
        }
    }

    /// The service's id in lower case, such as `dynamodb_streams`.
    package let service: String
    /// AWS' name of the operation.
    package let operation: String
    /// Which attempt of its call it was, from 1.
    package let attempt: Int
    /// How the attempt ended, which becomes a metric label.
    package let outcome: Outcome
    /// From sending the request until its answer was read; signing and limiter waits are not in it.
    package let duration: Duration
}
