/// Why there is no secured connection.
package enum TLSError: Error, Hashable, Sendable {
    /// The file with the trusted authorities is missing or holds none.
    case certificateAuthority(file: String, reason: String)
    /// The peer's certificate is not the one expected: another name, an unknown authority, or out of date.
    case untrusted(String)
    /// The peer broke the protocol, or shares no version or cipher with us.
    case failed(String)
}

extension TLSError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .certificateAuthority(let file, let reason): "no trusted authority can be read from \(file): \(reason)"
        case .untrusted(let reason): "the server's certificate is not trusted: \(reason)"
        case .failed(let reason): "TLS failed: \(reason)"
        }
    }
}
