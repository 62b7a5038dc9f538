internal import AWSCore
internal import ChangeFeed
internal import Domain
internal import EventLoop
package import FindingStore
internal import HTTPTransport
internal import JobQueue
internal import Logging
package import Notifications
internal import Observability
internal import Support

/// Runs the aggregator, which writes messages into the outbox, and the dispatcher, which delivers them.
///
/// Each leadership has its own.
struct NotificationService: Sendable {
    let assembly: Assembly
    let store: FencedStore

    /// Runs until it is cancelled, or until the table refuses a write because a newer leader exists.
    func run(publishReport: @escaping @Sendable (ReportScope) async throws -> Void) async throws {
        // The fence is written before anything is read: from then on an earlier leader cannot change what we read.
        try await store.lead()
        let dispatcher = dispatcher()
        let aggregator = Aggregator(
            store: store,
            changes: ChangeStream(store: assembly.store),
            effects: effects(dispatcher, publishReport),
            settings: settings
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await aggregator.run() }
            if let dispatcher {
                group.addTask { try await dispatcher.run() }
                group.addTask { try await watch(dispatcher) }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private var settings: AggregatorSettings {
        let notifications = assembly.settings.notifications
        var settings = AggregatorSettings(threshold: notifications.severity, routes: notifications.routes)
        settings.suppressions = notifications.suppressions
        settings.muteSchedule = notifications.muteSchedule
        settings.window = notifications.window
        settings.report = "\(assembly.settings.report.bucket ?? "")/\(assembly.settings.report.prefix)"
        return settings
    }

    private func effects(
        _ dispatcher: OutboxDispatcher<FencedStore>?,
        _ publishReport: @escaping @Sendable (ReportScope) async throws -> Void
    ) -> AggregatorEffects {
        let (metrics, logger, loop) = (assembly.metrics, assembly.logger, assembly.loop)
        return AggregatorEffects(
            publishReport: publishReport,
            word: { MessageRenderer().drafts(room: $0, $1) },
            didPost: { messages in await dispatcher?.accept(messages) },
            sweeps: { try await assembly.sweepRegistry.sweeps().map(SweepState.init) },
            observe: { event in
                metrics.count(event)
                event.log(to: logger)
            },
            sleep: { try await loop.sleep(for: $0) },
            now: Assembly.now
        )
    }

    /// Returns nil when no chat is configured.
    private func dispatcher() -> OutboxDispatcher<FencedStore>? {
        guard let chat = assembly.settings.notifications.chat else { return nil }
        var configuration = ChatConfiguration(format: chat.format, url: chat.url, token: chat.token?.value)
        configuration.roomURLs = chat.roomURLs
        let (metrics, logger, loop) = (assembly.metrics, assembly.logger, assembly.loop)
        return OutboxDispatcher(
            outbox: store,
            chat: ChatClient(configuration: configuration, http: assembly.transport.client),
            muteSchedule: assembly.settings.notifications.muteSchedule,
            effects: OutboxDispatcherEffects(
                observe: { event in
                    event.count(in: metrics)
                    event.log(to: logger)
                },
                sleep: { try await loop.sleep(for: $0) },
                now: Assembly.now,
                isLostLeadership: { error in if case .superseded? = error as? StoreError { true } else { false } }
            )
        )
    }

    /// Exports the outbox's metrics, rereads the outbox every 30 s, and deletes old messages once a day.
    ///
    /// Rereading finds messages that the dispatcher was not handed, for example those that `messages resend` put back.
    /// Delivered messages are kept for 30 days, refused ones for 90.
    private func watch(_ dispatcher: OutboxDispatcher<FencedStore>) async throws {
        var (lookedAt, forgottenAt) = (Assembly.now(), 0.0)
        while true {
            let (count, since) = await dispatcher.waiting
            assembly.metrics.set(.outboxMessages, to: Double(count))
            // In quiet hours messages are meant to wait, so their age must not raise an alert.
            let isMuted = assembly.settings.notifications.muteSchedule.isMuted(at: Assembly.now())
            assembly.metrics.set(.outboxOldest, to: isMuted ? 0 : since.map { max(0, Assembly.now() - $0) } ?? 0)
            if Assembly.now() - lookedAt > 30 {
                lookedAt = Assembly.now()
                try await orWarn("the outbox could not be looked through") {
                    try await dispatcher.look()
                    assembly.metrics.set(.messagesAside, to: Double(try await store.store.count(on: .refused)))
                }
            }
            if Assembly.now() - forgottenAt > 86_400 {
                forgottenAt = Assembly.now()
                try await orWarn("old messages could not be forgotten") {
                    try await store.forget(.sent, olderThan: 30 * 86_400)
                    try await store.forget(.refused, olderThan: 90 * 86_400)
                }
            }
            try await assembly.loop.sleep(for: .seconds(2))
        }
    }

    /// Runs a step and logs its failure as a warning, because the step is soon repeated.
    private func orWarn(_ failure: Logger.Message, _ step: () async throws -> Void) async throws {
        do { try await step() } catch let error where !(error is CancellationError) {
            assembly.logger.warning(failure, metadata: .init(error))
        }
    }
}

extension FencedStore: Outbox {
    /// Moves a delivered message out of the outbox, to the sent messages.
    package func didDeliver(_ message: OutboxMessage) async throws { try await settle(message, as: .sent) }
    /// Moves a refused message out of the outbox, to those that `scanfleet messages list` shows.
    package func setAside(_ message: OutboxMessage) async throws { try await settle(message, as: .refused) }
}

extension OutboxDispatcherEvent {
    fileprivate func count(in metrics: MetricRegistry) {
        switch self {
        case .delivered: metrics.increment(.messagesSent)
        case .failed: metrics.increment(.messagesFailed)
        case .setAside: metrics.increment(.messagesSetAside)
        case .divided: break
        }
    }

    fileprivate func log(to logger: Logger) {
        switch self {
        case .delivered(let entry):
            logger.info("message delivered", metadata: .init([.message: entry.id, .room: entry.room]))
        case .failed(let entry, let error, let retryIn):
            let keys: Logger.Metadata = .init(
                error,
                [.message: entry?.id ?? "-", .room: entry?.room ?? "-", .delay: retryIn.inSeconds]
            )
            logger.warning("a message is not delivered yet and is tried again", metadata: keys)
        case .setAside(let entry, let error):
            let keys: Logger.Metadata = .init(error, [.message: entry.id, .room: entry.room])
            logger.error("a message was refused for good and is set aside", metadata: keys)
        case .divided(let entry, let pieces):
            logger.notice("a message was divided", metadata: .init([.message: entry.id, .count: pieces]))
        }
    }
}
