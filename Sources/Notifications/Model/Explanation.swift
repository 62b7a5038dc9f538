package import Domain

/// Why a finding of an image was announced, or was not: the first reason that holds.
package enum Explanation: Hashable, Sendable {
    /// The chat accepted a message that mentions it, at a time in seconds since 1970.
    case announced(String, room: String, at: Double?)
    /// The chat refused the content of the message that mentions it.
    case refused(String, room: String)
    /// The message that mentions it is in the outbox, since a time in seconds since 1970.
    case waits(String, room: String, since: Double)
    /// Its change record is stored and has not become a message yet.
    case noted(since: Double)
    case belowSeverity(Severity)
    case suppressed(Suppression)
    /// No retained message mentions it, and it was suppressed until `until`.
    ///
    /// If it appeared before that, it was counted in the message about the end of the rule; otherwise its message is no
    /// longer retained.
    case wasSuppressed(Suppression, until: Double)
    /// No retained message mentions it, and it was below the threshold until `until`.
    ///
    /// If it appeared before that, it was counted in the message about the new threshold; otherwise its message is no
    /// longer retained.
    case wasBelowSeverity(Severity, until: Double)
    /// The registry's summary is still pending, and nothing of it is announced before.
    case registryNotSummarised
    /// Counted in a summary, or announced in a message that is no longer retained.
    case inSummary
    /// Stored, and not compared with the announced state yet.
    case notCompared
    /// The image is not judged now, and the finding is a last known one.
    case lastKnown(Coverage)
    /// No chat is configured.
    case noChatConfigured

    /// The facts on which the decision is based.
    package struct Evidence: Sendable {
        /// The finding in question.
        package var finding: Finding
        /// The image in question; its repository decides which rules apply.
        package var place: ImageReference
        /// The stored image; nil where it is gone.
        package var stored: ImageStatus?
        /// Whether the finding is part of the image's announced state.
        package var isAnnounced = false
        /// Whether the summary of the image's registry was sent.
        package var isSummarised = true
        /// When its pending change record was written, in seconds since 1970; nil where none is pending.
        package var notedAt: Double?
        /// The state of the last retained message that mentions it; nil where none does.
        package var message: Explanation?
        /// The rules and thresholds that were in force before; nil before the first notification.
        package var rules: RuleHistory?

        /// Begins with only the finding and its image.
        package init(finding: Finding, place: ImageReference) {
            self.finding = finding
            self.place = place
        }
    }

    /// Picks the first reason that holds, with the rules and threshold in force at `now`.
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
    /// A former rule or threshold that would have kept the finding back while in force.
    ///
    /// It is not known when the finding appeared, so this is only a possible reason.
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
