/// The outbox operations that `OutboxDispatcher` needs; `FencedStore` implements them.
package protocol Outbox: Sendable {
    /// All undelivered messages, in the order of their ids.
    func pending() async throws -> [OutboxEntry]
    /// An undelivered message; nil if it left the outbox meanwhile.
    func message(_ id: String) async throws -> OutboxMessage?
    /// Checks that this process still leads.
    ///
    /// - Throws: where another process leads by now.
    func verifyLeadership() async throws
    /// Moves a message that the chat accepted to `sent`.
    func didDeliver(_ message: OutboxMessage) async throws
    /// Moves a message that the chat refuses for its content to `refused`.
    func setAside(_ message: OutboxMessage) async throws
    /// Replaces a message by smaller ones, in one transaction.
    func replace(_ message: OutboxMessage, by pieces: [OutboxMessage]) async throws
}

/// The outcome of a delivery step, for logs and metrics.
package enum OutboxDispatcherEvent: Sendable {
    case delivered(OutboxEntry)
    case failed(OutboxEntry?, any Error, retryIn: Duration)
    case setAside(OutboxEntry, any Error)
    case divided(OutboxEntry, pieces: Int)
}

/// Clock, sleep and observer of the dispatcher.
package struct OutboxDispatcherEffects: Sendable {
    /// Receives every event, for logs and metrics.
    package var observe: @Sendable (OutboxDispatcherEvent) -> Void
    /// Waits for a retry or for the end of a mute time; throws when cancelled.
    package var sleep: @Sendable (Duration) async throws -> Void
    /// Seconds since 1970.
    package var now: @Sendable () -> Double
    /// Whether an error means that another process leads: the dispatcher then stops instead of retrying.
    package var isLostLeadership: @Sendable (any Error) -> Bool

    /// Joins the effects.
    package init(
        observe: @escaping @Sendable (OutboxDispatcherEvent) -> Void = { _ in },
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        now: @escaping @Sendable () -> Double,
        isLostLeadership: @escaping @Sendable (any Error) -> Bool = { _ in false }
    ) {
        self.observe = observe
        self.sleep = sleep
        self.now = now
        self.isLostLeadership = isLostLeadership
    }
}
