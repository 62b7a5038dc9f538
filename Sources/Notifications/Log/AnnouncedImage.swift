package import Domain
package import FindingStore

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
            image: stored.status.image,
            coverage: stored.status.coverage,
            findings: stored.status.findings,
            hasBeenJudged: stored.status.coverage.isJudged,
            fingerprint: stored.fingerprint,
            token: stored.token
        )
    }

    package var place: ImageReference { image.place }
}
