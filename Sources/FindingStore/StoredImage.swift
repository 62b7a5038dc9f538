package import Domain

/// An image as the store holds it.
package struct StoredImage: Hashable, Sendable {
    package var status: ImageStatus
    /// SHA-256 over the content, in hexadecimal: equal where nothing changed.
    package var fingerprint: String
    /// The fencing token of the run that wrote it.
    package var token: Int
    /// How many further items hold the rest of the findings.
    package var parts: Int
    /// Whether a part is missing, so that even the same content has to be written anew.
    package var isIncomplete: Bool

    /// Describes what was read or written.
    package init(status: ImageStatus, fingerprint: String, token: Int, parts: Int = 0, isIncomplete: Bool = false) {
        self.status = status
        self.fingerprint = fingerprint
        self.token = token
        self.parts = parts
        self.isIncomplete = isIncomplete
    }

    package var place: ImageReference { status.image.place }

    /// Names what was read: a torn image is not what its fingerprint names, and becomes that again without another one.
    package var fingerprintAsRead: String {
        isIncomplete ? String(repeating: "0", count: fingerprint.count) : fingerprint
    }
}

/// What became of a conditional write.
package enum WriteOutcome: Hashable, Sendable {
    case written
    /// The store holds the same content already.
    case unchanged
    /// A run with a newer token wrote the item: this run has lost its lease and must stop.
    case stale
}
