internal import Cryptography

/// The authorities that AWS' certificates are checked against, as `AWS_CA_BUNDLE` names them.
package struct CABundle: Sendable, Hashable {
    /// A file that holds no authority.
    package struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
        /// Names the file, and what is wrong with it.
        package let description: String
    }

    /// A PEM file; nil trusts the system's authorities.
    package let file: String?

    /// Reads `AWS_CA_BUNDLE`; an empty variable is none.
    ///
    /// - Throws: `ConfigurationError` where the file gives no certificate, which every call would fail for.
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
