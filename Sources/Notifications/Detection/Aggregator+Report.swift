internal import ChangeFeed

extension Aggregator {
    /// Publishes the report if it is due.
    ///
    /// - Returns: how long to wait before the next call.
    @discardableResult
    func report() async throws -> Duration {
        try await start()
        let sweepActivity = try await sweepActivity()
        schedule.didSee(sweepActivity, at: effects.now())
        if schedule.isDue(at: effects.now(), sweeps: sweepActivity) { try await publish(sweepActivity) }
        return settings.pollInterval
    }

    func publish(_ sweepActivity: SweepActivity) async throws {
        let begun = effects.now()
        let change = schedule.begin()
        pending.beginReport()
        do {
            try await effects.publishReport(change)
        } catch {
            schedule.didFail(change)
            pending.didNotReport()
            if effects.now() - reportedAt > settings.reportPatience / .seconds(1) { pending.goAheadOfReports() }
            throw error
        }
        schedule.didPublish(begun: begun, ended: effects.now(), sweeps: sweepActivity)
        pending.didReport()
        reportedAt = effects.now()
        effects.observe(.reported(seconds: effects.now() - begun))
        try await saveCheckpoint(sparing: false)
    }
}
