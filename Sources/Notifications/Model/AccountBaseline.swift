package import Domain

/// The summary of an account at its first scan: one message instead of one for every finding it already had.
package struct AccountBaseline: Hashable, Sendable {
    /// The account that is summarised.
    package var account: AccountID
    /// The account's name; nil where it is not known yet.
    package var accountName: String?
    /// The regions that this summary covers, sorted.
    package var regions: [RegionName]
    /// How many images are in each coverage state.
    package var coverage: [Coverage.State: Int]
    /// Findings by severity, counted per image and package, without the suppressed ones.
    package var findings: [Severity: Int]
    /// Findings that a suppression covers.
    package var suppressed: Int
    /// Images with at least one finding that reaches the threshold.
    package var affectedImages: Int

    /// Begins an empty summary.
    package init(account: AccountID, accountName: String?) {
        self.account = account
        self.accountName = accountName
        regions = []
        coverage = [:]
        findings = [:]
        suppressed = 0
        affectedImages = 0
    }

    /// All images of the account, in any coverage state.
    package var images: Int { coverage.values.reduce(0, +) }

    /// Adds one image, whose suppressed findings are only counted.
    package mutating func add(
        _ image: ImageStatus,
        threshold: Severity,
        isSuppressed: (Finding.Key) -> Bool = { _ in false }
    ) {
        let region = image.image.place.repository.registry.region
        if !regions.contains(region) {
            regions.append(region)
            regions.sort()
        }
        coverage[image.coverage.state, default: 0] += 1
        let announced = image.findings.filter { !isSuppressed($0.key) }
        suppressed += image.findings.count - announced.count
        for finding in announced { findings[finding.severity, default: 0] += 1 }
        if announced.contains(where: { $0.severity.rank >= threshold.rank }) { affectedImages += 1 }
    }
}
