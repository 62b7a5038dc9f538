package import Domain
package import FindingStore

/// The announced state of an image, with which the next comparison finds its change.
package struct AnnouncedImage: Hashable, Sendable {
    /// The image with the tags that were current at the last write of this state.
    package var image: Image
    /// The last announced coverage; a passing one (`waiting`, `throttled`) never replaces it.
    package var coverage: Coverage
    /// The findings of the last trusted judgement; they stay while the image is not judged.
    package var findings: [Finding]
    /// Whether the image was ever judged.
    package var hasBeenJudged: Bool
    /// The fingerprint of the stored image from which this state was made.
    package var fingerprint: String
    /// The fencing token of the stored image from which this state was made.
    package var token: Int
    /// How many part items hold findings that did not fit into the main item.
    package var parts: Int

    /// Describes an announced state that fits into one item.
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

    /// Takes the complete state of a stored image as announced.
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

    /// The reference under which the state is stored.
    package var place: ImageReference { image.place }
}
