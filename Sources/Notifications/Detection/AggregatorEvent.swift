internal import Domain
package import Logging
internal import Observability
internal import Support

/// Something the aggregator did or met, for logs and metrics.
package enum AggregatorEvent: Sendable {
    /// One of the loops that run side by side, so that neither Hubot nor S3 holds up the others.
    package enum Stage: String, Sendable, CaseIterable {
        case follow
        case announce
        case report
    }

    /// Changes written before `at` (seconds since 1970) have been read.
    case reached(at: Double)
    /// A round of the stream that brought something; `undone` images wait in all, and `lag` is how many seconds ago the
    /// newest record was written.
    case followed(records: Int, images: Int, undone: Int, lag: Double?)
    /// News of so many images was written down.
    case noted(images: Int)
    /// News was made into messages, which lie in the outbox.
    case posted(notes: Int, messages: Int)
    case baselined(AccountBaseline)
    case bridged(StreamGap)
    /// How long building and storing took.
    case reported(seconds: Double)
    case failed(Stage, any Error, retryIn: Duration)

    /// Logs the event with the fleet's keys.
    package func log(to logger: Logger) {
        switch self {
        case .reached: break
        case .followed(_, let images, _, _):
            logger.debug("read changes", metadata: .init([.count: images]))
        case .noted(let images):
            logger.debug("noted changes", metadata: .init([.count: images]))
        case .posted(let notes, let messages):
            logger.info("wrote messages", metadata: .init([.count: messages, .notes: notes]))
        case .baselined(let baseline):
            let keys: Logger.Metadata = .init([.accountID: baseline.account, .count: baseline.images])
            logger.info("announced an account's baseline", metadata: keys)
        case .bridged(let gap):
            let keys: Logger.Metadata = .init([.reason: gap.reason, .count: gap.differing])
            logger.warning("bridged a gap in the stream by comparison", metadata: keys)
        case .reported(let seconds):
            logger.info("published the report", metadata: .init([.delay: seconds]))
        case .failed(let stage, let error, let retryIn):
            let keys: Logger.Metadata = .init(error, [.reason: stage.rawValue, .delay: retryIn.inSeconds])
            logger.error("a stage of the aggregator failed and is repeated", metadata: keys)
        }
    }
}
