package import Domain

/// Counts what each suppression covers, in force or not.
package struct SuppressionUsage: Sendable {
    /// What one rule covers.
    package struct Count: Hashable, Sendable {
        package var findings = 0
        package var images = 0
        /// A few of what it covers, to be recognised by people.
        package var examples: [String] = []
    }

    private static let examples = 3

    package let rules: [Suppression]
    /// In the order of the rules.
    package private(set) var counts: [Count]
    private let threshold: Severity

    /// Counts what reaches `threshold`, since nothing milder would be told anyway.
    package init(_ suppressions: Suppressions, threshold: Severity) {
        rules = suppressions.rules
        counts = Array(repeating: Count(), count: rules.count)
        self.threshold = threshold
    }

    /// Takes in one image.
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

    /// What somebody should be told of the rules at `now`, in seconds since 1970.
    package func notices(at now: Double) -> [SuppressionNotice] {
        zip(rules, counts).compactMap { rule, count in
            guard let cause = rule.cause(covering: count.findings, at: now) else { return nil }
            return SuppressionNotice(rule: rule, cause: cause, findings: count.findings, images: count.images)
        }
    }
}

extension Suppression {
    /// How long before its end a rule is spoken of.
    private static let warning: Double = 7 * 86_400

    /// Why the rule needs attention; nil where it does not.
    package func cause(covering findings: Int, at now: Double) -> SuppressionNotice.Cause? {
        if expires <= now { return .expired }
        if findings == 0 { return .matchesNothing }
        return expires - now <= Self.warning ? .expiresSoon : nil
    }
}
