/// Credentials that never change, such as the keys of a profile.
package struct StaticCredentials: CredentialsProvider {
    private let keys: Credentials

    /// Always gives `keys`, also after a refusal.
    package init(_ keys: Credentials) { self.keys = keys }

    package func credentials() async throws -> Credentials { keys }

    package func invalidate(_ rejected: Credentials, _ reason: CredentialsRefusal) async {}
}

/// The provider of a client whose operations are not signed; it throws when asked for keys.
struct NoCredentials: CredentialsProvider {
    func credentials() async throws -> Credentials {
        throw CredentialsError("an operation that must be signed was sent without credentials")
    }

    func invalidate(_ rejected: Credentials, _ reason: CredentialsRefusal) async {}
}
