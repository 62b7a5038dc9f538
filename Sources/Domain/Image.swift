/// An image as its repository lists it.
package struct Image: Hashable, Sendable {
    /// Repository and digest, which identify the image.
    package var place: ImageReference
    /// The tags, sorted; empty for an untagged image.
    package var tags: [String]
    /// When it was pushed, in seconds since 1970; nil where ECR gives no time.
    package var pushedAt: Double?

    /// Describes one image.
    package init(place: ImageReference, tags: [String], pushedAt: Double?) {
        self.place = place
        self.tags = tags.sorted()
        self.pushedAt = pushedAt
    }
}

/// An image with its coverage and findings: one record of the table, one entry of the report.
package struct ImageStatus: Hashable, Sendable {
    /// The image as the repository listed it when this status was determined.
    package var image: Image
    /// Whether the findings are known, and if not, why.
    package var coverage: Coverage
    /// The number of findings per severity as ECR counts them; nil where ECR gave none, which does not mean zero.
    package var counts: [Severity: Int]?
    /// Sorted by key; empty unless `coverage.isJudged`.
    package var findings: [Finding]

    /// Joins an image with its coverage and findings, and sorts the findings.
    package init(image: Image, coverage: Coverage, counts: [Severity: Int]?, findings: [Finding]) {
        self.image = image
        self.coverage = coverage
        self.counts = counts
        self.findings = findings.sorted { $0.key < $1.key }
    }
}
