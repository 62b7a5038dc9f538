package import Support

/// Keys that sign requests; the secret parts print as a placeholder everywhere.
package struct Credentials: Sendable, Hashable {
    /// The public half of the pair, which the `Authorization` header names.
    package let accessKeyID: String
    /// The secret half, from which the signing keys are derived; it is never sent.
    package let secretAccessKey: Secret
    /// Sent as `X-Amz-Security-Token`; nil for the permanent keys of a user.
    package let sessionToken: Secret?
    /// When the keys expire, in seconds since 1970; nil for keys that do not.
    package let expiration: Double?

    /// Wraps keys.
    package init(accessKeyID: String, secretAccessKey: Secret, sessionToken: Secret? = nil, expiration: Double? = nil) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expiration = expiration
    }
}

/// A source of the credentials that sign requests now.
package protocol CredentialsProvider: Sendable {
    /// Credentials that have not expired; loads or refreshes them where needed.
    func credentials() async throws -> Credentials
    /// Drops `rejected` if it is still the current value and new keys may help, so that the next call loads new ones.
    func invalidate(_ rejected: Credentials, _ reason: CredentialsRefusal) async
}

/// Why AWS refused credentials that by our clock had not expired.
package enum CredentialsRefusal: Sendable, Hashable {
    /// AWS says that they have expired.
    case expired
    /// Their session may have been revoked; the same error may also be a lasting refusal, which new keys do not change.
    case mayBeRevoked
}
