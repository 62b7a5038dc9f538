internal import Cryptography

/// The certificate authorities that AWS' certificates are checked against, from `AWS_CA_BUNDLE`.
package struct CABundle: Sendable, Hashable {
    /// The file holds no certificate authority, or cannot be read.
    package struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
        /// Names the file and the fault.
        package let description: String
    }

    /// A PEM file; nil trusts the system's authorities.
    package let file: String?

    /// Reads `AWS_CA_BUNDLE`; an empty variable is none.
    ///
    /// - Throws: `ConfigurationError` where the file holds no certificate, because every call would fail later.
    package init(environment: [String: String]) throws(ConfigurationError) {
        guard let path = environment["AWS_CA_BUNDLE"], !path.isEmpty else {
            file = nil
            return
        }
        do {
            _ = try TLSContext(certificateAuthorityFile: path)
        } catch {
            throw ConfigurationError(description: "\(error)")
        }
        file = path
    }
}
