package import Retry

/// Why there are no credentials to sign with.
package struct CredentialsError: Classified, Hashable, CustomStringConvertible {
    /// What was tried and what to do, without any secret.
    package let description: String
    /// Whether the next load may succeed, such as after a failure of the metadata service.
    package let disposition: Disposition

    /// Describes a failure that lasts unless `disposition` says otherwise.
    package init(_ description: String, disposition: Disposition = .permanent) {
        self.description = description
        self.disposition = disposition
    }
}

/// A 2xx answer that is not what the service's model promises.
package struct AWSDecodingError: Classified, CustomStringConvertible {
    /// The operation's name.
    package let operation: String
    /// The decoder's error, or the failed checksum.
    package let reason: String
    /// A truncated or garbled body is the path's fault, and the next answer may be whole.
    package var disposition: Disposition { .transient }
    package var description: String { "\(operation): the answer cannot be read: \(reason)" }
}
