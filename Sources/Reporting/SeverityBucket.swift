internal import Domain

/// How the history counts an image: by its worst severity, as clean, or as not judged.
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

    /// The buckets of severities, worst first.
    static let severities: [SeverityBucket] = [.critical, .high, .medium, .low, .other]
}
