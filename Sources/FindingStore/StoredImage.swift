package import Domain

/// An image as the store holds it.
package struct StoredImage: Hashable, Sendable {
    /// The image with its coverage and findings; `failed` without findings if the record is incomplete.
    package var status: ImageStatus
    /// SHA-256 over the content as it was written, in hexadecimal; equal exactly if nothing changed.
    package var fingerprint: String
    /// The fencing token of the job that wrote the image.
    package var token: Int
    /// How many further items hold the findings that do not fit into the main item.
    package var parts: Int
    /// Whether a part is missing, so that even unchanged content has to be written again.
    package var isIncomplete: Bool

    /// Describes what was read or written.
    package init(status: ImageStatus, fingerprint: String, token: Int, parts: Int = 0, isIncomplete: Bool = false) {
        self.status = status
        self.fingerprint = fingerprint
        self.token = token
        self.parts = parts
        self.isIncomplete = isIncomplete
    }

    /// Repository and digest, which identify the image.
    package var place: ImageReference { status.image.place }

    /// Fingerprint of what was actually read: zeros for an incomplete image, so that its repair counts as a change.
    package var fingerprintAsRead: String {
        isIncomplete ? String(repeating: "0", count: fingerprint.count) : fingerprint
    }
}

/// The result of a conditional write.
package enum WriteOutcome: Hashable, Sendable {
    /// The item was written or removed.
    case written
    /// The table already has the same content; nothing was written.
    case unchanged
    /// A newer job or leader has written or removed the item; the caller has lost its lease and must stop.
    case stale
}
