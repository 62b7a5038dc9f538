package import Domain

/// The threshold and rules of the last notifications, and the former ones.
///
/// A change of configuration is detected by comparing with it.
package struct RuleHistory: Hashable, Sendable {
    /// A rule or threshold that is no longer in force.
    package struct Former<Value: Hashable & Sendable>: Hashable, Sendable {
        /// The former rule or threshold.
        package var value: Value
        /// When it ended, in seconds since 1970: at its expiry, or when its removal was observed.
        package var until: Double

        /// Pairs a former rule or threshold with its end.
        package init(_ value: Value, until: Double) {
            self.value = value
            self.until = until
        }
    }

    /// The least severity that was announced.
    package var threshold: Severity
    /// The rules in force, in the order of their file.
    package var suppressions: Suppressions
    /// Rules that were removed or changed, the newest first.
    package var formerRules: [Former<Suppression>] = []
    /// Thresholds that were lowered, the newest first.
    package var formerThresholds: [Former<Severity>] = []

    /// At most this many former rules and thresholds are kept, for `explain`.
    private static let remembered = 100

    /// Begins with the current threshold and rules, and no former ones.
    package init(threshold: Severity, suppressions: Suppressions) {
        self.threshold = threshold
        self.suppressions = suppressions
    }

    /// The history after `threshold` and `suppressions` come into force at `now`, in seconds since 1970.
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

/// The open findings that a former rule or threshold kept back, and that the current ones do not.
package struct RuleChangeSummary: Hashable, Sendable {
    /// A vulnerability, its worst severity, and its number of images.
    package struct Subject: Hashable, Sendable {
        /// The id, such as `CVE-2026-1`.
        package var vulnerability: String
        /// The worst severity among the images.
        package var severity: Severity
        package var images: Int

        /// Describes the count of one vulnerability.
        package init(vulnerability: String, severity: Severity, images: Int) {
            self.vulnerability = vulnerability
            self.severity = severity
            self.images = images
        }
    }

    /// The current least severity that is announced.
    package var threshold: Severity
    /// The former threshold; nil where it was not higher.
    package var formerThreshold: Severity?
    /// Former rules that covered at least one of the findings.
    package private(set) var rules: [Suppression] = []
    /// How many findings there are of each severity, counted per image and package.
    package private(set) var findings: [Severity: Int] = [:]
    /// How many images have at least one of these findings.
    package private(set) var images = 0
    private var subjects: [String: Subject] = [:]

    /// Begins an empty count.
    package init(threshold: Severity, formerThreshold: Severity?) {
        self.threshold = threshold
        self.formerThreshold = formerThreshold
    }

    /// All vulnerabilities: the worst severity first, then the most images, then the id.
    package var worst: [Subject] {
        subjects.values.sorted { left, right in
            (right.severity, right.images, left.vulnerability) < (left.severity, left.images, right.vulnerability)
        }
    }

    /// Counts the findings of one image, each with the rule that covered it; nil where only the threshold kept it back.
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
