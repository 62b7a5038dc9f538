internal import AWSCore
internal import EventLoop
internal import JobQueue
internal import Logging
internal import Observability

/// Paces the calls into one registry by the limiter that the whole fleet shares in Redis.
struct FleetGate: Sendable {
    let queue: JobQueue
    let bucket: String
    let loop: EventLoop
    let logger: Logger

    var gate: CallGate {
        CallGate(
            enter: { operation in
                while true {
                    let wait = try await queue.take(1, bucket: bucket, operation: operation)
                    guard wait > .zero else { return }
                    try await loop.sleep(for: wait)
                }
            },
            throttled: { operation in
                do {
                    try await queue.penalize(bucket: bucket, operation: operation)
                } catch {
                    // The call's own retries still slow it down; the fleet learns from the next throttle.
                    logger.warning("the limiter could not be told of a throttle", metadata: .init(error))
                }
            }
        )
    }
}
