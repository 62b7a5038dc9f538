/// An image as its repository lists it.
package struct Image: Hashable, Sendable {
    package var place: ImageReference
    /// Movable labels, sorted; empty for an untagged image.
    package var tags: [String]
    /// When it was pushed, in seconds since 1970.
    package var pushedAt: Double?

    /// Describes one image.
    package init(place: ImageReference, tags: [String], pushedAt: Double?) {
        self.place = place
        self.tags = tags.sorted()
        self.pushedAt = pushedAt
    }
}

/// An image with what the fleet knows of it: one item of the store, one entry of the report.
package struct ImageStatus: Hashable, Sendable {
    package var image: Image
    package var coverage: Coverage
    /// ECR's own number per severity; nil where it gave none, which is not zero.
    package var counts: [Severity: Int]?
    /// Sorted by key; empty unless `coverage.isJudged`.
    package var findings: [Finding]

    /// Joins an image with its judgement.
    package init(image: Image, coverage: Coverage, counts: [Severity: Int]?, findings: [Finding]) {
        self.image = image
        self.coverage = coverage
        self.counts = counts
        self.findings = findings.sorted { $0.key < $1.key }
    }
}
