package import Support

/// Why there are no credentials to sign with.
package struct CredentialsError: Classified, Hashable, CustomStringConvertible {
    /// The attempt that failed and the remedy, without any secret.
    package let description: String
    /// Whether the next load may succeed, such as after a failure of the metadata service.
    package let disposition: Disposition

    /// Describes a failure; by default a permanent one.
    package init(_ description: String, disposition: Disposition = .permanent) {
        self.description = description
        self.disposition = disposition
    }
}

/// A 2xx answer that does not have the form of the service's model.
package struct AWSDecodingError: Classified, CustomStringConvertible {
    /// The operation's name.
    package let operation: String
    /// The decoder's error, or the failed checksum.
    package let reason: String
    /// Transient: the network truncated or garbled the body, and the next answer may be whole.
    package var disposition: Disposition { .transient }
    package var description: String { "\(operation): the answer cannot be read: \(reason)" }
}
