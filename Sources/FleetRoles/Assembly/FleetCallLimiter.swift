internal import AWSCore
internal import EventLoop
internal import JobQueue
internal import Logging
internal import Observability

/// Paces the calls into one registry by the limiter that the whole fleet shares in Redis.
struct FleetCallLimiter: Sendable {
    let limiter: RateLimiter
    let bucket: String
    let slow: ThrottledBuckets
    let loop: EventLoop
    let logger: Logger

    var gate: CallLimiter {
        CallLimiter(
            enter: { operation in
                try await limiter.waitForPermit(
                    operation,
                    bucket: bucket,
                    sleep: { try await loop.sleep(for: $0) },
                    delayed: note
                )
            },
            throttled: { operation in
                do {
                    try await limiter.reportThrottled(bucket: bucket, operation: operation)
                } catch {
                    // Harmless: the call's own retries slow it down, and the fleet learns from the next throttle.
                    logger.warning("a throttled call could not be reported to the limiter", metadata: .init(error))
                }
            }
        )
    }

    private func note(_ delay: RateLimiter.Delay) {
        switch delay {
        case .quota: slow.note(bucket)
        case .fault(let error):
            logger.warning("the limiter cannot be asked, trying again", metadata: .init(error))
        }
    }
}
