package import Support

/// Why no answer came.
package enum HTTPTransportError: Error, Hashable, Sendable {
    /// The URL or a setting is not usable.
    case invalidRequest(String)
    /// DNS, connect, handshake, reset, truncation: no whole answer came; the request may have taken effect.
    case connection(String)
    /// The time given for connecting or for the whole exchange ran out.
    case timedOut
    /// The server's certificate is not trusted for this host.
    case untrustedCertificate(String)
    /// The body grew beyond the request's limit, in bytes.
    case responseTooLarge(limit: Int)
    /// The transport was shut down.
    case closed
}

extension HTTPTransportError: Classified {
    /// Transient for connection failures and time-outs; everything else fails again in the same way.
    package var disposition: Disposition {
        switch self {
        case .connection, .timedOut: .transient
        case .invalidRequest, .untrustedCertificate, .responseTooLarge, .closed: .permanent
        }
    }
}

extension HTTPTransportError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalidRequest(let why): "the request cannot be sent: \(why)"
        case .connection(let why): "no whole answer came: \(why)"
        case .timedOut: "no answer came in time"
        case .untrustedCertificate(let why): "the server's certificate is not trusted: \(why)"
        case .responseTooLarge(let limit): "the answer is larger than \(limit) bytes"
        case .closed: "the HTTP transport is shut down"
        }
    }
}
