package import Domain

/// The change of one finding between two judgements of the same image.
package enum FindingChange: Hashable, Sendable {
    case opened(Finding)
    /// A trusted judgement no longer contains it; expired eligibility, a failed scan or lost access never resolves a
    /// finding.
    case resolved(Finding)
    /// The finding as it is now, and its former severity.
    case severityChanged(Finding, from: Severity)
    /// The severity is unchanged, and a fixed version is now known.
    case fixBecameAvailable(Finding)

    /// The kind of change, without the finding; the raw values are those of payloads and change records.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case opened
        case severityChanged = "severity_changed"
        case fixBecameAvailable = "fix_became_available"
        case resolved
    }

    /// The change without its finding.
    package var kind: Kind {
        switch self {
        case .opened: .opened
        case .resolved: .resolved
        case .severityChanged: .severityChanged
        case .fixBecameAvailable: .fixBecameAvailable
        }
    }

    /// The finding in its newest form; for a resolved one, its last form.
    package var finding: Finding {
        switch self {
        case .opened(let finding), .resolved(let finding), .severityChanged(let finding, _),
            .fixBecameAvailable(let finding):
            finding
        }
    }

    /// Whether the severity before or after the change is at least `threshold`.
    package func reaches(_ threshold: Severity) -> Bool {
        if case .severityChanged(_, let before) = self, before.rank >= threshold.rank { return true }
        return finding.severity.rank >= threshold.rank
    }

    /// Compares two judgements by `Finding.Key`: opened and changed ones first, then resolved ones, each sorted by key.
    package static func between(_ before: [Finding], and after: [Finding]) -> [FindingChange] {
        let known = Dictionary(before.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        let present = Set(after.map(\.key))
        let changed = after.compactMap { finding -> FindingChange? in
            guard let earlier = known[finding.key] else { return .opened(finding) }
            return change(from: earlier, to: finding)
        }
        let gone = before.filter { !present.contains($0.key) }.map(FindingChange.resolved)
        return [changed, gone].flatMap { $0.sorted { $0.finding.key < $1.finding.key } }
    }

    private static func change(from earlier: Finding, to finding: Finding) -> FindingChange? {
        if earlier.severity != finding.severity { return .severityChanged(finding, from: earlier.severity) }
        return earlier.fixedVersion == nil && finding.fixedVersion != nil ? .fixBecameAvailable(finding) : nil
    }

    /// Joins this change with a later one of the same finding; nil where the second undoes the first.
    package func followed(by later: FindingChange) -> FindingChange? {
        switch (self, later) {
        case (.opened, .resolved): nil
        case (.opened, _): .opened(later.finding)
        case (.resolved(let before), .opened(let now)): Self.change(from: before, to: now)
        case (.severityChanged(_, let first), .severityChanged(let now, _)),
            (.severityChanged(_, let first), .fixBecameAvailable(let now)):
            first == now.severity ? nil : .severityChanged(now, from: first)
        default: later
        }
    }
}
