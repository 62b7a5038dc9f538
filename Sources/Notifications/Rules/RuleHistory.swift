package import Domain

/// The threshold and the rules by which news was told last, and those before them: what a change of them is measured by.
package struct RuleHistory: Hashable, Sendable {
    /// Something that was in force until it was taken out of the configuration.
    package struct Former<Value: Hashable & Sendable>: Hashable, Sendable {
        package var value: Value
        /// In seconds since 1970.
        package var until: Double

        /// Joins what was in force with its end.
        package init(_ value: Value, until: Double) {
            self.value = value
            self.until = until
        }
    }

    package var threshold: Severity
    package var suppressions: Suppressions
    /// Rules that were taken away or changed, the newest first.
    package var formerRules: [Former<Suppression>] = []
    /// Higher thresholds, the newest first.
    package var formerThresholds: [Former<Severity>] = []

    /// So many are remembered of each, for those who ask.
    private static let remembered = 100

    /// Begins with what is in force now.
    package init(threshold: Severity, suppressions: Suppressions) {
        self.threshold = threshold
        self.suppressions = suppressions
    }

    /// What is remembered once `threshold` and `suppressions` are in force.
    package func followed(by threshold: Severity, _ suppressions: Suppressions, at now: Double) -> RuleHistory {
        var next = RuleHistory(threshold: threshold, suppressions: suppressions)
        let ended = self.suppressions.rules.filter { !suppressions.rules.contains($0) }
        next.formerRules = ended.map { Former($0, until: min($0.expires, now)) } + formerRules
        next.formerThresholds = formerThresholds
        if threshold.rank < self.threshold.rank {
            next.formerThresholds.insert(Former(self.threshold, until: now), at: 0)
        }
        next.formerRules = Array(next.formerRules.prefix(Self.remembered))
        next.formerThresholds = Array(next.formerThresholds.prefix(Self.remembered))
        return next
    }
}

/// What stood untold because of a rule or a threshold that is no longer in force, and would be told if it came now.
package struct RuleChangeSummary: Hashable, Sendable {
    /// A vulnerability, how bad it is at worst, and in how many images.
    package struct Subject: Hashable, Sendable {
        package var vulnerability: String
        package var severity: Severity
        package var images: Int

        /// Counts one vulnerability.
        package init(vulnerability: String, severity: Severity, images: Int) {
            self.vulnerability = vulnerability
            self.severity = severity
            self.images = images
        }
    }

    package var threshold: Severity
    /// The threshold before, where that was higher.
    package var formerThreshold: Severity?
    /// Rules that covered some of it.
    package private(set) var rules: [Suppression] = []
    package private(set) var findings: [Severity: Int] = [:]
    package private(set) var images = 0
    private var subjects: [String: Subject] = [:]

    /// Begins to count what is told from `threshold` on.
    package init(threshold: Severity, formerThreshold: Severity?) {
        self.threshold = threshold
        self.formerThreshold = formerThreshold
    }

    /// The worst vulnerabilities first, and of those the most frequent.
    package var worst: [Subject] {
        subjects.values.sorted { left, right in
            (right.severity, right.images, left.vulnerability) < (left.severity, left.images, right.vulnerability)
        }
    }

    /// Counts findings of one image, each with the rule that covered it.
    package mutating func add(_ unannounced: [(finding: Finding, rule: Suppression?)]) {
        guard !unannounced.isEmpty else { return }
        images += 1
        for (finding, rule) in unannounced {
            findings[finding.severity, default: 0] += 1
            if let rule, !rules.contains(rule) { rules.append(rule) }
        }
        for (id, severities) in Dictionary(grouping: unannounced, by: \.finding.key.vulnerability) {
            let severity = severities.map(\.finding.severity).max() ?? .undefined
            var subject = subjects[id] ?? Subject(vulnerability: id, severity: severity, images: 0)
            subject.severity = max(subject.severity, severity)
            subject.images += 1
            subjects[id] = subject
        }
    }
}
