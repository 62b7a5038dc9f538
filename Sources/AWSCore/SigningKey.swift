internal import Cryptography
package import Support

/// The key that signs a day's requests to one service of one region; it prints as a placeholder, like the secret that it
/// is derived from.
package struct SigningKey: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    let bytes: [UInt8]

    /// Derives the key; `day` has the form `YYYYMMDD`.
    package init(secret: Secret, scope: SigV4Signer.Scope, day: String) {
        var key = Array("AWS4\(secret.value)".utf8)
        for part in [day, scope.region, scope.service, "aws4_request"] {
            key = HMACSHA256.authenticate(Array(part.utf8), key: key)
        }
        bytes = key
    }

    package var description: String { "<secret>" }
    /// Empty, so that `dump` does not find the bytes.
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// The keys that one client has derived, one for each scope, since four of a signature's five authentications only
/// change with the day or the credentials.
struct SigningKeys: Sendable {
    private struct Entry {
        var secret: Secret
        var day: String
        var key: SigningKey
    }

    private var entries: [SigV4Signer.Scope: Entry] = [:]

    mutating func key(secret: Secret, scope: SigV4Signer.Scope, day: String) -> SigningKey {
        if let entry = entries[scope], entry.day == day, entry.secret == secret { return entry.key }
        let key = SigningKey(secret: secret, scope: scope, day: day)
        entries[scope] = Entry(secret: secret, day: day, key: key)
        return key
    }
}
