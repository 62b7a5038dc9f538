/// What happened to one finding between two judgements of the same image.
package enum FindingChange: Hashable, Sendable {
    case opened(Finding)
    /// A trusted judgement no longer holds it; an expired eligibility, a failed scan or lost access is never this.
    case resolved(Finding)
    /// The finding as it is now, and how bad it was said to be before.
    case severityChanged(Finding, from: Severity)

    /// The finding that changed, in its newest form.
    package var finding: Finding {
        switch self {
        case .opened(let finding), .resolved(let finding), .severityChanged(let finding, _): finding
        }
    }

    /// Whether the change touches anything at least as bad as `threshold`, before or after.
    package func reaches(_ threshold: Severity) -> Bool {
        if case .severityChanged(_, let before) = self, before.rank >= threshold.rank { return true }
        return finding.severity.rank >= threshold.rank
    }

    /// Compares two judgements by `Finding.Key`: opened and changed ones first, then resolved ones, each sorted by key.
    package static func between(_ before: [Finding], and after: [Finding]) -> [FindingChange] {
        let known = Dictionary(before.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        let present = Set(after.map(\.key))
        let news = after.compactMap { finding -> FindingChange? in
            guard let earlier = known[finding.key] else { return .opened(finding) }
            return earlier.severity == finding.severity ? nil : .severityChanged(finding, from: earlier.severity)
        }
        let gone = before.filter { !present.contains($0.key) }.map(FindingChange.resolved)
        return [news, gone].flatMap { $0.sorted { $0.finding.key < $1.finding.key } }
    }
}
