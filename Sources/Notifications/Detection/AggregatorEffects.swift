package import Domain

/// What the aggregator sets in motion outside of the store.
package struct AggregatorEffects: Sendable {
    /// Brings the report up to date with the store, of which only what is named may differ from it.
    package var publishReport: @Sendable (ReportScope) async throws -> Void
    /// Words news for a room, in as many messages as it takes.
    package var word: @Sendable (_ room: String, [NotificationContent]) -> [MessageDraft]
    /// Hears that messages lie in the outbox.
    package var didPost: @Sendable ([OutboxMessage]) async -> Void
    /// The sweeps that the queue knows, newest first: whether one is under way, and which completed last.
    package var sweeps: @Sendable () async throws -> [SweepState]
    /// Hears of what the aggregator does.
    package var observe: @Sendable (AggregatorEvent) -> Void
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
