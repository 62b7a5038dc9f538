internal import Domain
package import Logging
internal import Observability
internal import Support

/// A step or failure of the aggregator, for logs and metrics.
package enum AggregatorEvent: Sendable {
    /// One of the loops that run concurrently, so that a slow Hubot or S3 does not delay the others.
    package enum Stage: String, Sendable, CaseIterable {
        case follow
        case announce
        case report
    }

    /// Changes written before `at` (seconds since 1970) have been read.
    case reached(at: Double)
    /// A stream round with records: `undone` images wait in all, and the newest record was written `lag` seconds ago.
    case followed(records: Int, images: Int, undone: Int, lag: Double?)
    /// Change records of so many images were written.
    case noted(images: Int)
    /// So many change records became so many messages in the outbox.
    case posted(notes: Int, messages: Int)
    case baselined(AccountBaseline)
    case bridged(StreamGap)
    /// A report was built and stored in so many seconds.
    case reported(seconds: Double)
    case failed(Stage, any Error, retryIn: Duration)

    /// Logs the event with the log keys of `Observability`.
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
