/// What the courier needs of the outbox; `FencedStore` in the product.
package protocol Outbox: Sendable {
    /// What waits, in order.
    func pending() async throws -> [OutboxEntry]
    /// A message that waits; nil where it does not any more.
    func message(_ id: String) async throws -> OutboxMessage?
    /// - Throws: where another process delivers by now.
    func verifyLeadership() async throws
    /// Remembers that the chat accepted the message.
    func didDeliver(_ message: OutboxMessage) async throws
    /// Sets a message aside that the chat refuses for its content.
    func setAside(_ message: OutboxMessage) async throws
    /// Puts smaller messages in the place of one.
    func replace(_ message: OutboxMessage, by pieces: [OutboxMessage]) async throws
}

/// Something that happened to a message, for logs and metrics.
package enum OutboxDispatcherEvent: Sendable {
    case delivered(OutboxEntry)
    case failed(OutboxEntry?, any Error, retryIn: Duration)
    case setAside(OutboxEntry, any Error)
    case divided(OutboxEntry, pieces: Int)
}

/// What the courier needs beside outbox and chat.
package struct OutboxDispatcherEffects: Sendable {
    package var observe: @Sendable (OutboxDispatcherEvent) -> Void
    package var sleep: @Sendable (Duration) async throws -> Void
    /// Seconds since 1970.
    package var now: @Sendable () -> Double
    /// Whether another process has taken over, so that nothing can be marked any more.
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
