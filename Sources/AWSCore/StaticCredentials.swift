/// The same keys for ever.
package struct StaticCredentials: CredentialsProvider {
    private let keys: Credentials

    /// Gives `keys` whatever happens.
    package init(_ keys: Credentials) { self.keys = keys }

    package func credentials() async throws -> Credentials { keys }

    package func invalidate(_ rejected: Credentials) async {}
}

/// The keys in `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`.
package struct EnvironmentCredentials: CredentialsProvider {
    private let keys: Credentials

    /// Reads the environment.
    ///
    /// - Throws: `CredentialsError` that names what is missing.
    package init(environment: [String: String]) throws(CredentialsError) {
        let value = { (name: String) in environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        guard let id = value("AWS_ACCESS_KEY_ID") else {
            throw CredentialsError("AWS_ACCESS_KEY_ID is not set: give AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
        }
        guard let secret = value("AWS_SECRET_ACCESS_KEY") else {
            throw CredentialsError("AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not")
        }
        keys = Credentials(
            accessKeyID: id,
            secretAccessKey: Secret(secret),
            sessionToken: value("AWS_SESSION_TOKEN").map(Secret.init)
        )
    }

    package func credentials() async throws -> Credentials { keys }

    package func invalidate(_ rejected: Credentials) async {}
}
