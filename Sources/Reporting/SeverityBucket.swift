internal import Domain

/// What an image is counted under in the history: its worst severity, or that there is none, or that nobody can say.
enum SeverityBucket: String, Hashable, CaseIterable {
    case critical, high, medium, low, other, clean
    case notJudged = "not_judged"

    init(_ image: ImageStatus) {
        guard image.coverage.isJudged else {
            self = .notJudged
            return
        }
        self = image.findings.map(\.severity).max().map(Self.init(severity:)) ?? .clean
    }

    init(severity: Severity) {
        switch severity {
        case .critical: self = .critical
        case .high: self = .high
        case .medium: self = .medium
        case .low: self = .low
        default: self = .other
        }
    }

    /// Those that a severity may have.
    static let severities: [SeverityBucket] = [.critical, .high, .medium, .low, .other]
}
