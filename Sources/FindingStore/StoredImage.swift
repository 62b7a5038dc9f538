package import Domain

/// An image as the store holds it.
package struct StoredImage: Hashable, Sendable {
    package var judged: JudgedImage
    /// SHA-256 over the content, in hexadecimal: equal where nothing changed.
    package var fingerprint: String
    /// The fencing token of the run that wrote it.
    package var token: Int
    /// How many further items hold the rest of the findings.
    package var parts: Int
    /// Whether a part is missing, so that even the same content has to be written anew.
    package var isTorn: Bool

    /// Describes what was read or written.
    package init(judged: JudgedImage, fingerprint: String, token: Int, parts: Int = 0, isTorn: Bool = false) {
        self.judged = judged
        self.fingerprint = fingerprint
        self.token = token
        self.parts = parts
        self.isTorn = isTorn
    }

    package var place: ImagePlace { judged.image.place }

    /// Names what was read: a torn image is not what its fingerprint names, and becomes that again without another one.
    package var fingerprintAsRead: String { isTorn ? String(repeating: "0", count: fingerprint.count) : fingerprint }
}

/// What was last told of an image: the state that the next news is measured against.
package struct AnnouncedImage: Hashable, Sendable {
    package var image: Image
    /// What was last told of the image's coverage.
    package var coverage: Coverage
    /// Those of the last trusted judgement, which stay while the image is not judged.
    package var findings: [Finding]
    /// Whether there ever was a trusted judgement.
    package var hasBeenJudged: Bool
    /// The fingerprint of the stored image that this reflects.
    package var fingerprint: String
    /// The token of the stored image that this reflects.
    package var token: Int
    /// How many further items hold the rest of the findings.
    package var parts: Int

    /// Describes what was told.
    package init(
        image: Image,
        coverage: Coverage,
        findings: [Finding],
        hasBeenJudged: Bool,
        fingerprint: String,
        token: Int
    ) {
        self.image = image
        self.coverage = coverage
        self.findings = findings
        self.hasBeenJudged = hasBeenJudged
        self.fingerprint = fingerprint
        self.token = token
        parts = 0
    }

    /// Takes a stored image as told, whole.
    package init(_ stored: StoredImage) {
        self.init(
            image: stored.judged.image,
            coverage: stored.judged.coverage,
            findings: stored.judged.findings,
            hasBeenJudged: stored.judged.coverage.isJudged,
            fingerprint: stored.fingerprint,
            token: stored.token
        )
    }

    package var place: ImagePlace { image.place }
}

/// What became of a conditional write.
package enum WriteOutcome: Hashable, Sendable {
    case written
    /// The store holds the same content already.
    case unchanged
    /// A run with a newer token wrote the item: this run has lost its lease and must stop.
    case stale
}

/// That an account's regions were summarised, so that only changes in them are told from then on.
package struct BaselineMarker: Hashable, Sendable {
    package var account: AccountID
    package var regions: Set<RegionName>

    /// Marks regions of an account.
    package init(account: AccountID, regions: Set<RegionName>) {
        self.account = account
        self.regions = regions
    }
}
