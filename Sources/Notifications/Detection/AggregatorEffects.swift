package import Domain

/// The aggregator's effects outside of the store, as closures.
package struct AggregatorEffects: Sendable {
    /// Updates the report from the store; only the named scope may have changed since the last one.
    package var publishReport: @Sendable (ReportScope) async throws -> Void
    /// Renders notifications for a room, as one or more messages.
    package var word: @Sendable (_ room: String, [NotificationContent]) -> [MessageDraft]
    /// Is called after messages were written into the outbox.
    package var didPost: @Sendable ([OutboxMessage]) async -> Void
    /// All sweeps that the queue knows, newest first.
    package var sweeps: @Sendable () async throws -> [SweepState]
    /// Receives every event, for logs and metrics.
    package var observe: @Sendable (AggregatorEvent) -> Void
    /// Waits between two calls of a loop; throws when cancelled.
    package var sleep: @Sendable (Duration) async throws -> Void
    /// Seconds since 1970.
    package var now: @Sendable () -> Double

    /// Joins the effects.
    package init(
        publishReport: @escaping @Sendable (ReportScope) async throws -> Void,
        word: @escaping @Sendable (_ room: String, [NotificationContent]) -> [MessageDraft],
        didPost: @escaping @Sendable ([OutboxMessage]) async -> Void = { _ in },
        sweeps: @escaping @Sendable () async throws -> [SweepState],
        observe: @escaping @Sendable (AggregatorEvent) -> Void = { _ in },
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        now: @escaping @Sendable () -> Double
    ) {
        self.publishReport = publishReport
        self.word = word
        self.didPost = didPost
        self.sweeps = sweeps
        self.observe = observe
        self.sleep = sleep
        self.now = now
    }
}
