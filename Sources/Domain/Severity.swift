/// How bad a finding is, in ECR's words; a word that AWS adds later is kept and ranks with `UNDEFINED`.
package struct Severity: RawRepresentable, Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    package let rawValue: String

    /// Keeps the word as AWS spelt it.
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let critical = Severity(rawValue: "CRITICAL")
    package static let high = Severity(rawValue: "HIGH")
    package static let medium = Severity(rawValue: "MEDIUM")
    package static let low = Severity(rawValue: "LOW")
    package static let informational = Severity(rawValue: "INFORMATIONAL")
    package static let undefined = Severity(rawValue: "UNDEFINED")
    /// Inspector has not judged the vulnerability yet.
    package static let untriaged = Severity(rawValue: "UNTRIAGED")

    /// The words this version knows, worst first.
    package static let known: [Severity] = [.critical, .high, .medium, .low, .informational, .untriaged, .undefined]

    /// From 0 (unknown) to 5 (critical).
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

    /// Milder first; words of equal rank in the order of their letters.
    package static func < (left: Severity, right: Severity) -> Bool {
        (left.rank, left.rawValue) < (right.rank, right.rawValue)
    }
}
