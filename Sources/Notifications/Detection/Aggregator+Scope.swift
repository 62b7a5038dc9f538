internal import Domain
internal import FindingStore

extension Aggregator {
    /// Announces findings that a removed rule or a higher threshold had kept back: one summary for each room.
    ///
    /// They are already part of the announced state, so that no comparison would ever find them as changes.
    func reviewScope() async throws {
        guard !isScopeReviewed, settings.routes.defaultRoom != nil else { return }
        let last = try await store.ruleMemory()
        let now = effects.now()
        if last?.threshold != settings.threshold || last?.suppressions != settings.suppressions {
            let before = last ?? RuleHistory(threshold: settings.threshold, suppressions: settings.suppressions)
            var outboxBatch = OutboxBatch()
            outboxBatch.rules = before.followed(by: settings.threshold, settings.suppressions, at: now)
            if let last { outboxBatch.drafts = try await drafts(since: last, at: now) }
            try await post(outboxBatch)
        }
        isScopeReviewed = true
    }

    private func drafts(since last: RuleHistory, at now: Double) async throws -> [MessageDraft] {
        try await lookUp(baselineTracker.registries.map(\.account))
        let review = ScopeReview(
            last: last,
            ended: try await ended(last, at: now),
            settings: settings,
            noted: try await noted(),
            now: now
        )
        var rooms: [String: RuleChangeSummary] = [:]
        for registry in baselineTracker.registries {
            for try await image in store.announced(in: registry) {
                guard let room = grouping.room(of: image.place.repository, context) else { continue }
                rooms[room, default: review.empty].add(review.unannounced(in: image))
            }
        }
        return rooms.filter { $0.value.images > 0 }.sorted { $0.key < $1.key }
            .flatMap { effects.word($0.key, [.scope($0.value)]) }
    }

    /// The rules that were in force before, except those whose expiry was announced with the findings that they
    /// covered.
    private func ended(_ last: RuleHistory, at now: Double) async throws -> [Suppression] {
        var ended: [Suppression] = []
        for rule in last.suppressions.rules {
            let isOver = rule.expires <= now
            if isOver && settings.suppressions.rules.contains(rule) { continue }
            if isOver, try await store.wasAnnounced(once: rule.nameOfNotice(.expired)) { continue }
            ended.append(rule)
        }
        return ended
    }

    /// The findings in pending change records; those are announced by the current rules anyway.
    private func noted() async throws -> Set<ScopeReview.AnnouncedFinding> {
        let notes = try await store.notes(limit: settings.notesAtOnce, changes: settings.changesAtOnce).notes
        return Set(
            notes.flatMap { note in
                note.image.changes.map { ScopeReview.AnnouncedFinding(place: note.place, finding: $0.finding.key) }
            }
        )
    }
}

/// Finds the findings that the former rules and threshold kept back, and the current ones do not.
struct ScopeReview {
    /// The image and finding of one change.
    struct AnnouncedFinding: Hashable {
        var place: ImageReference
        var finding: Finding.Key
    }

    let last: RuleHistory
    let ended: [Suppression]
    let settings: AggregatorSettings
    let noted: Set<AnnouncedFinding>
    let now: Double

    /// A summary without findings, for the current and the former threshold.
    var empty: RuleChangeSummary {
        let isLower = settings.threshold.rank < last.threshold.rank
        return RuleChangeSummary(threshold: settings.threshold, formerThreshold: isLower ? last.threshold : nil)
    }

    func unannounced(in image: AnnouncedImage) -> [(finding: Finding, rule: Suppression?)] {
        let repository = image.place.repository
        return image.findings.compactMap { finding in
            guard finding.severity.rank >= settings.threshold.rank,
                settings.suppressions.rule(for: finding.key, in: repository, at: now) == nil,
                !noted.contains(AnnouncedFinding(place: image.place, finding: finding.key))
            else { return nil }
            let rule = ended.first { $0.covers(finding.key, in: repository) }
            guard rule != nil || finding.severity.rank < last.threshold.rank else { return nil }
            return (finding, rule)
        }
    }
}
