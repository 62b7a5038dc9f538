/// Keys that sign requests; the secret parts print as a placeholder everywhere.
package struct Credentials: Sendable, Hashable {
    /// The public half of the pair, which the `Authorization` header names.
    package let accessKeyID: String
    /// The secret half, from which the signing keys are derived; it is never sent.
    package let secretAccessKey: Secret
    /// Sent as `X-Amz-Security-Token`; nil for the permanent keys of a user.
    package let sessionToken: Secret?
    /// When they end, in seconds since 1970; nil for keys that do not.
    package let expiration: Double?

    /// Wraps keys.
    package init(accessKeyID: String, secretAccessKey: Secret, sessionToken: Secret? = nil, expiration: Double? = nil) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expiration = expiration
    }
}

/// Text that no log, error or dump may show.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The text itself, for the one place that needs it.
    package let value: String

    /// Wraps a secret.
    package init(_ value: String) { self.value = value }

    package var description: String { "<secret>" }
    /// The same placeholder, for debuggers and interpolated collections.
    package var debugDescription: String { "<secret>" }
    /// Empty, so that `dump` does not find the text.
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Gives the credentials that sign now.
package protocol CredentialsProvider: Sendable {
    /// Credentials with some life left; loads or refreshes them where needed.
    func credentials() async throws -> Credentials
    /// Forgets `rejected` where it is still what would be given and new ones may help, so that the next call loads anew.
    func invalidate(_ rejected: Credentials, _ reason: CredentialsRefusal) async
}

/// Why AWS has refused credentials that had not ended by the clock.
package enum CredentialsRefusal: Sendable, Hashable {
    /// They have ended, as AWS says.
    case expired
    /// Their session may have been revoked; the same words may be meant for good.
    case mayBeRevoked
}
