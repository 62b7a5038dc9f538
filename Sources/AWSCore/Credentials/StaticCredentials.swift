/// The same keys for ever.
package struct StaticCredentials: CredentialsProvider {
    private let keys: Credentials

    /// Gives `keys` whatever happens.
    package init(_ keys: Credentials) { self.keys = keys }

    package func credentials() async throws -> Credentials { keys }

    package func invalidate(_ rejected: Credentials, _ reason: CredentialsRefusal) async {}
}

/// Stands for the credentials of a client whose operations are not signed.
struct NoCredentials: CredentialsProvider {
    func credentials() async throws -> Credentials {
        throw CredentialsError("an operation that must be signed was sent without credentials")
    }

    func invalidate(_ rejected: Credentials, _ reason: CredentialsRefusal) async {}
}
