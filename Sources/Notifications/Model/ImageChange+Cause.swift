package import Domain

extension ImageChange.Cause {
    /// The word that the store and the events use.
    package var word: String {
        switch self {
        case .detected: "detected"
        case .changed: "changed"
        case .removed: "removed"
        case .coverageLost: "coverage_lost"
        case .coverageRegained: "coverage_regained"
        }
    }

    /// What the image's coverage is now; nil where the occasion is another.
    package var coverage: Coverage? {
        switch self {
        case .coverageLost(let coverage), .coverageRegained(let coverage): coverage
        case .detected, .changed, .removed: nil
        }
    }

    /// Whether it is news by itself, without any finding that changed.
    package var isAboutCoverage: Bool { coverage != nil }

    /// Reads the word back; nil where it is unknown, or comes without the coverage that it needs.
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
