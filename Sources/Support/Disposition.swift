/// The class of a failure, which decides about retries; the four cases are smithy's `RetryErrorType`.
package enum Disposition: Hashable, Sendable {
    /// The connection failed or timed out before an answer arrived; the request may or may not have taken effect.
    case transient
    /// The server asked for a slower pace.
    case throttled(retryAfter: Duration?)
    /// The server failed on its side.
    case serverFault
    /// Another attempt with the same input fails the same way.
    case permanent

    /// Whether another attempt can help at all.
    package var isRetryable: Bool { self != .permanent }
}

/// An error that knows whether another attempt can help.
package protocol Classified: Error {
    /// The class of this error.
    var disposition: Disposition { get }
}

extension Error {
    /// The error's own disposition; permanent for an error that is not `Classified`.
    package var dispositionOrPermanent: Disposition { (self as? any Classified)?.disposition ?? .permanent }
}
