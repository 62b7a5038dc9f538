internal import ChangeFeed

extension Aggregator {
    /// Writes the report where it is due.
    ///
    /// - Returns: how long to wait before the next question.
    @discardableResult
    func report() async throws -> Duration {
        try await start()
        let glance = try await glance()
        schedule.didSee(glance, at: effects.now())
        if schedule.isDue(at: effects.now(), sweeps: glance) { try await publish(glance) }
        return settings.pollInterval
    }

    func publish(_ glance: SweepGlance) async throws {
        let begun = effects.now()
        let change = schedule.begin()
        ledger.beginReport()
        do {
            try await effects.publishReport(change)
        } catch {
            schedule.didFail(change)
            ledger.didNotReport()
            if effects.now() - reportedAt > settings.reportPatience / .seconds(1) { ledger.goAheadOfReports() }
            throw error
        }
        schedule.didPublish(begun: begun, ended: effects.now(), sweeps: glance)
        ledger.didReport()
        reportedAt = effects.now()
        effects.observe(.reported(seconds: effects.now() - begun))
        try await saveCheckpoint(sparing: false)
    }
}
