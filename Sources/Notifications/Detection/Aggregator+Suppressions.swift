internal import Domain
internal import FindingStore

extension Aggregator {
    /// Announces which suppressions need attention: checked once a day, each reason announced once.
    ///
    /// The reasons: the rule expires soon, it has expired (with the findings that are open now), or it matches nothing.
    func reviewSuppressions() async throws {
        let now = effects.now()
        guard !settings.suppressions.rules.isEmpty, let room = settings.routes.defaultRoom, !baselineTracker.isEmpty,
            suppressionsReviewedAt.map({ now - $0 >= Self.dayInSeconds }) ?? true,
            !settings.muteSchedule.isMuted(at: now)
        else { return }
        var census = SuppressionUsage(settings.suppressions, threshold: settings.threshold)
        for registry in baselineTracker.registries {
            for try await image in store.announced(in: registry) { census.add(image.findings, at: image.place) }
        }
        for notice in census.notices(at: now) {
            let name = notice.rule.nameOfNotice(notice.cause)
            guard try await !store.wasAnnounced(once: name) else { continue }
            try await post(OutboxBatch(drafts: effects.word(room, [.suppression(notice)]), once: name))
        }
        suppressionsReviewedAt = now
    }

    private static var dayInSeconds: Double { 86_400 }
}

extension Suppression {
    /// The once-name of its notice: a rule and cause are announced only once.
    func nameOfNotice(_ cause: SuppressionNotice.Cause) -> String {
        "suppression \(cause.rawValue): \(self) until \(Int(expires))"
    }
}
