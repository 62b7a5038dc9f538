package import Domain

/// Why a finding of an image was told, or was not: the first reason that holds.
package enum Explanation: Hashable, Sendable {
    /// Told in a message that the chat accepted at a time.
    case told(String, room: String, at: Double?)
    /// In a message that the chat refused for its content.
    case refused(String, room: String)
    /// In a message that waits to be accepted.
    case waits(String, room: String, since: Double)
    /// Noted, and not made into a message yet.
    case noted(since: Double)
    case belowSeverity(Severity)
    case suppressed(Suppression)
    /// In no message that is kept, and covered by a rule until a time: where it came before, it is counted in the message that
    /// told of the rule's end, and otherwise told longer ago.
    case wasSuppressed(Suppression, until: Double)
    /// In no message that is kept, and milder than what was told until a time: where it came before, it is counted in the
    /// message that told of the new threshold, and otherwise told longer ago.
    case wasBelowSeverity(Severity, until: Double)
    /// Nothing was ever told of the registry: its summary is still to come.
    case registryNotSummarised
    /// Part of a summary, or told longer ago than messages are kept.
    case inSummary
    /// Stored, and not compared with what was announced yet.
    case notCompared
    /// The image is not judged now; this is what was known last.
    case lastKnown(Coverage)
    /// There is no chat.
    case noChatConfigured

    /// What the decision is made of.
    package struct Evidence: Sendable {
        package var finding: Finding
        package var place: ImageReference
        /// What is stored of the image; nil where it is gone.
        package var stored: ImageStatus?
        /// Whether the finding is among what was announced.
        package var isAnnounced = false
        package var isSummarised = true
        /// When it was noted, where no message tells of it yet.
        package var notedAt: Double?
        /// The last message that tells of it.
        package var message: Explanation?
        /// What was in force before; nil where nothing was told yet.
        package var rules: RuleHistory?

        /// Knows only what it is about.
        package init(finding: Finding, place: ImageReference) {
            self.finding = finding
            self.place = place
        }
    }

    /// Decides.
    package init(
        _ evidence: Evidence,
        threshold: Severity,
        suppressions: Suppressions,
        room: String?,
        at now: Double
    ) {
        let rule = suppressions.rule(for: evidence.finding.key, in: evidence.place.repository, at: now)
        if let message = evidence.message {
            self = message
        } else if room == nil {
            self = .noChatConfigured
        } else if evidence.finding.severity.rank < threshold.rank {
            self = .belowSeverity(threshold)
        } else if let rule {
            self = .suppressed(rule)
        } else if let at = evidence.notedAt {
            self = .noted(since: at)
        } else if !evidence.isSummarised {
            self = .registryNotSummarised
        } else if evidence.isAnnounced, let former = evidence.formerReason(suppressions, at: now) {
            self = former
        } else if let stored = evidence.stored, !stored.coverage.isJudged {
            self = .lastKnown(stored.coverage)
        } else {
            self = evidence.isAnnounced ? .inSummary : .notCompared
        }
    }
}

extension Explanation.Evidence {
    /// The rule or threshold that kept it from being told if it came while that was in force, and no longer does; when it came
    /// is not known.
    fileprivate func formerReason(_ suppressions: Suppressions, at now: Double) -> Explanation? {
        let repository = place.repository
        if let over = suppressions.rules.first(where: { $0.expires <= now && $0.covers(finding.key, in: repository) }) {
            return .wasSuppressed(over, until: over.expires)
        }
        if let former = rules?.formerRules.first(where: { $0.value.covers(finding.key, in: repository) }) {
            return .wasSuppressed(former.value, until: former.until)
        }
        let higher = rules?.formerThresholds.first { finding.severity.rank < $0.value.rank }
        return higher.map { .wasBelowSeverity($0.value, until: $0.until) }
    }
}
