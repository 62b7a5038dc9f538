package import Domain

/// Counts the findings that each suppression covers, expired rules included.
package struct SuppressionUsage: Sendable {
    /// The counts of one rule.
    package struct Count: Hashable, Sendable {
        /// How many findings it covers, of those that reach the threshold.
        package var findings = 0
        /// How many images have at least one of these findings.
        package var images = 0
        /// Up to three covered findings, as `CVE-2026-1 in …`, so that people recognise them.
        package var examples: [String] = []
    }

    private static let examples = 3

    /// The rules, in the order of their file.
    package let rules: [Suppression]
    /// One count for each rule, in the order of `rules`.
    package private(set) var counts: [Count]
    private let threshold: Severity

    /// Counts findings that reach `threshold`; milder ones are never announced.
    package init(_ suppressions: Suppressions, threshold: Severity) {
        rules = suppressions.rules
        counts = Array(repeating: Count(), count: rules.count)
        self.threshold = threshold
    }

    /// Counts the findings of one image.
    package mutating func add(_ findings: [Finding], at place: ImageReference) {
        let serious = findings.filter { $0.severity.rank >= threshold.rank }
        for index in rules.indices {
            let covered = serious.filter { rules[index].covers($0.key, in: place.repository) }
            guard let first = covered.first else { continue }
            counts[index].findings += covered.count
            counts[index].images += 1
            if counts[index].examples.count < Self.examples {
                counts[index].examples.append("\(first.key.vulnerability) in \(place)")
            }
        }
    }

    /// The notices that are due at `now`, in seconds since 1970; at most one for each rule.
    package func notices(at now: Double) -> [SuppressionNotice] {
        zip(rules, counts).compactMap { rule, count in
            guard let cause = rule.cause(covering: count.findings, at: now) else { return nil }
            return SuppressionNotice(rule: rule, cause: cause, findings: count.findings, images: count.images)
        }
    }
}

extension Suppression {
    /// How long before its expiry a rule is announced, in seconds.
    private static let warning: Double = 7 * 86_400

    /// Why the rule needs attention at `now`, in seconds since 1970; nil where it does not.
    package func cause(covering findings: Int, at now: Double) -> SuppressionNotice.Cause? {
        if expires <= now { return .expired }
        if findings == 0 { return .matchesNothing }
        return expires - now <= Self.warning ? .expiresSoon : nil
    }
}
