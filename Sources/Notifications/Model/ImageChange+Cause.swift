package import Domain

extension ImageChange.Cause {
    /// The word for the cause in change records and payloads.
    package var word: String {
        switch self {
        case .detected: "detected"
        case .changed: "changed"
        case .removed: "removed"
        case .coverageLost: "coverage_lost"
        case .coverageRegained: "coverage_regained"
        }
    }

    /// The image's new coverage; nil where the cause is not about coverage.
    package var coverage: Coverage? {
        switch self {
        case .coverageLost(let coverage), .coverageRegained(let coverage): coverage
        case .detected, .changed, .removed: nil
        }
    }

    /// Whether it is announced even if no finding changed.
    package var isAboutCoverage: Bool { coverage != nil }

    /// Reads the word back; nil where it is unknown, or where the coverage that it needs is missing.
    package init?(word: String, coverage: Coverage?) {
        switch (word, coverage) {
        case ("detected", _): self = .detected
        case ("changed", _): self = .changed
        case ("removed", _): self = .removed
        case ("coverage_lost", let coverage?): self = .coverageLost(coverage)
        case ("coverage_regained", let coverage?): self = .coverageRegained(coverage)
        default: return nil
        }
    }
}
