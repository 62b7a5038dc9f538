internal import Support

/// Delivers the outbox: each room's messages in order, each retried until the chat accepts it; rooms do not block each
/// other.
///
/// A message leaves the outbox right after its 2xx, before the next message of its room is posted. A message is
/// repeated only if the process dies between the two, or if the response is lost; the repetition has the same
/// idempotency key.
package actor OutboxDispatcher<Box: Outbox> {
    private let outbox: Box
    private let chat: ChatClient
    private let muteSchedule: MuteSchedule
    private let effects: OutboxDispatcherEffects

    private var queues: [String: [OutboxEntry]] = [:]
    /// The ids of all messages in `queues`.
    private var queued: Set<String> = []
    /// Rooms that have a running `serve` task.
    private var served: Set<String> = []
    /// Messages that the chat accepted and that could not be removed from the outbox yet.
    private var accepted: Set<String> = []
    private let arrivals: AsyncStream<String>
    private let arrival: AsyncStream<String>.Continuation

    /// Delivers from `outbox` to `chat`, except in mute times.
    package init(
        outbox: Box,
        chat: ChatClient,
        muteSchedule: MuteSchedule = MuteSchedule(),
        effects: OutboxDispatcherEffects
    ) {
        self.outbox = outbox
        self.chat = chat
        self.muteSchedule = muteSchedule
        self.effects = effects
        (arrivals, arrival) = AsyncStream.makeStream()
    }

    /// How many messages are undelivered, and when the oldest was written, in seconds since 1970.
    package var waiting: (count: Int, since: Double?) {
        let entries = queues.values.joined()
        return (entries.count, entries.map(\.at).min())
    }

    /// Queues messages that were just written into the outbox.
    package func accept(_ messages: [OutboxMessage]) {
        for message in messages { take(OutboxEntry(id: message.id, at: message.at, room: message.room)) }
    }

    /// Queues every message of the outbox that is not queued yet.
    ///
    /// These are messages that an earlier process left, messages whose write succeeded although the response was lost,
    /// and messages that an operator resent.
    package func look() async throws {
        for entry in try await outbox.pending() { take(entry) }
    }

    /// Delivers until cancelled, beginning with the messages that an earlier process left.
    ///
    /// - Throws: where another process leads by now.
    package func run() async throws {
        try await patiently(nil) { try await self.look() }
        try await withThrowingDiscardingTaskGroup { group in
            for await room in arrivals { group.addTask { try await self.serve(room) } }
        }
        try Task.checkCancellation()
    }

    private func take(_ entry: OutboxEntry) {
        guard queued.insert(entry.id).inserted else { return }
        var queue = queues[entry.room] ?? []
        queue.insert(entry, at: queue.lastIndex { $0.id < entry.id }.map { $0 + 1 } ?? 0)
        queues[entry.room] = queue
        if served.insert(entry.room).inserted { arrival.yield(entry.room) }
    }

    private func serve(_ room: String) async throws {
        while let entry = queues[room]?.first {
            while muteSchedule.isMuted(at: effects.now()) { try await effects.sleep(.seconds(20)) }
            let pieces = try await patiently(entry) { try await self.undisturbed { try await self.deliver(entry) } }
            settle(entry, pieces)
        }
        queues[room] = nil
        served.remove(room)
    }

    private func settle(_ entry: OutboxEntry, _ pieces: [OutboxEntry]) {
        queues[entry.room]?.removeAll { $0.id == entry.id }
        queued.remove(entry.id)
        for piece in pieces { take(piece) }
    }

    /// Repeats a step until it succeeds, waiting for the backoff or the chat's `Retry-After`.
    private func patiently<Value: Sendable>(
        _ entry: OutboxEntry?,
        _ step: () async throws -> Value
    ) async throws -> Value {
        var failures = 0
        var refusals = Refusals()
        while true {
            do {
                return try await step()
            } catch let error where !(error is CancellationError) && !effects.isLostLeadership(error) {
                failures += 1
                if let error = error as? ChatError, error.isAboutContent, let entry {
                    refusals.add(at: effects.now())
                    if try await isHopeless(entry, &refusals), try await setAside(entry, error) { continue }
                }
                let wait = delay(after: error, failures)
                effects.observe(.failed(entry, error, retryIn: wait))
                try await effects.sleep(wait)
            }
        }
    }

    private func delay(after error: any Error, _ failures: Int) -> Duration {
        let own = chat.configuration.backoff.delay(afterAttempt: failures)
        guard case .throttled(let asked?) = error.dispositionOrPermanent else { return own }
        return max(own, min(asked, chat.configuration.longestWait))
    }

    // MARK: One message

    /// Finishes one delivery even if this task is cancelled meanwhile; the chat's timeout bounds it.
    ///
    /// The task is unstructured: a cancellation between the 2xx and the removal from the outbox would make the next
    /// process repeat the message.
    private func undisturbed<Value: Sendable>(
        _ step: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        return try await Task { try await step() }.value
    }

    /// Posts one message and removes it from the outbox.
    ///
    /// - Returns: the smaller messages that replace it, if the chat answered 413; otherwise none.
    private func deliver(_ entry: OutboxEntry) async throws -> [OutboxEntry] {
        // Gone: an earlier process delivered it while this one read the list.
        guard let message = try await outbox.message(entry.id) else { return [] }
        if !accepted.contains(entry.id) {
            try await outbox.verifyLeadership()
            do {
                try await chat.post(message)
            } catch let error as ChatError where error.status == 413 {
                return try await divide(message, entry, error)
            }
            accepted.insert(entry.id)
        }
        try await outbox.didDeliver(message)
        accepted.remove(entry.id)
        effects.observe(.delivered(entry))
        return []
    }

    /// Splits a message after a 413: the chat's limit is smaller than Express' default.
    private func divide(
        _ message: OutboxMessage,
        _ entry: OutboxEntry,
        _ error: ChatError
    ) async throws -> [OutboxEntry] {
        guard let (first, second) = message.halves else { throw error }
        try await outbox.replace(message, by: [first, second])
        effects.observe(.divided(entry, pieces: 2))
        return [first, second].map { OutboxEntry(id: $0.id, at: $0.at, room: $0.room) }
    }

    /// Whether the chat refuses this message only, and not every message, as a broken script does.
    ///
    /// True if it is refused again after the room's next message was accepted, or if it has been refused for
    /// `longestRefusal`.
    private func isHopeless(_ entry: OutboxEntry, _ refusals: inout Refusals) async throws -> Bool {
        let configuration = chat.configuration
        guard refusals.count >= configuration.refusalsUntilDoubted, let first = refusals.firstAt else { return false }
        let longest = Double(configuration.longestRefusal.components.seconds)
        if refusals.laterMessageAccepted || effects.now() - first >= longest { return true }
        refusals.laterMessageAccepted = try await deliverNext(after: entry)
        return false
    }

    /// Tries the room's next message once; false if the chat did not accept it, or if there is none.
    private func deliverNext(after entry: OutboxEntry) async throws -> Bool {
        guard let next = queues[entry.room]?.first(where: { $0.id > entry.id }) else { return false }
        do {
            let pieces = try await undisturbed { try await self.deliver(next) }
            settle(next, pieces)
            return pieces.isEmpty
        } catch let error where !(error is CancellationError) && !effects.isLostLeadership(error) {
            effects.observe(.failed(next, error, retryIn: .zero))
            return false
        }
    }

    /// Moves a message to `refused`; false if that failed.
    ///
    /// The next attempt then finds it gone from the outbox.
    private func setAside(_ entry: OutboxEntry, _ error: ChatError) async throws -> Bool {
        do {
            if let message = try await outbox.message(entry.id) { try await outbox.setAside(message) }
            effects.observe(.setAside(entry, error))
            return true
        } catch let failure where !(failure is CancellationError) && !effects.isLostLeadership(failure) {
            effects.observe(.failed(entry, failure, retryIn: .zero))
            return false
        }
    }
}

/// How often the chat refused one message for its content, and when first.
private struct Refusals {
    private(set) var count = 0
    /// In seconds since 1970.
    private(set) var firstAt: Double?
    /// Whether a later message of the room has been accepted since.
    var laterMessageAccepted = false

    mutating func add(at now: Double) {
        count += 1
        firstAt = firstAt ?? now
    }
}
