/// A severity in ECR's words; a word that AWS adds later is kept and ranks with `UNDEFINED`.
package struct Severity: RawRepresentable, Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    package let rawValue: String

    /// Accepts any word and keeps its spelling.
    package init(rawValue: String) { self.rawValue = rawValue }

    /// Rank 5, the worst.
    package static let critical = Severity(rawValue: "CRITICAL")
    /// Rank 4.
    package static let high = Severity(rawValue: "HIGH")
    /// Rank 3.
    package static let medium = Severity(rawValue: "MEDIUM")
    /// Rank 2.
    package static let low = Severity(rawValue: "LOW")
    /// Rank 1, the mildest severity that was assessed.
    package static let informational = Severity(rawValue: "INFORMATIONAL")
    /// Rank 0; AWS gave no severity.
    package static let undefined = Severity(rawValue: "UNDEFINED")
    /// Rank 0; Inspector has not assessed the vulnerability yet.
    package static let untriaged = Severity(rawValue: "UNTRIAGED")

    /// The severities that this version knows, worst first.
    package static let known: [Severity] = [.critical, .high, .medium, .low, .informational, .untriaged, .undefined]

    /// From 0 (undefined, untriaged or unknown to this version) to 5 (critical).
    package var rank: Int {
        switch self {
        case .critical: 5
        case .high: 4
        case .medium: 3
        case .low: 2
        case .informational: 1
        default: 0
        }
    }

    package var description: String { rawValue }

    /// Orders by rank, mildest first, and alphabetically within a rank.
    package static func < (left: Severity, right: Severity) -> Bool {
        (left.rank, left.rawValue) < (right.rank, right.rawValue)
    }
}
