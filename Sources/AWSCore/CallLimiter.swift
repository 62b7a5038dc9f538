/// Limits the rate of calls to one account and region for the whole fleet; retries pass it like first attempts.
package struct CallLimiter: Sendable {
    /// Returns once an attempt at the operation may be made.
    package var enter: @Sendable (_ operation: String) async throws -> Void
    /// Called after AWS throttled the operation, so that the limiter can slow down.
    package var throttled: @Sendable (_ operation: String) async -> Void

    /// Wraps a limiter.
    package init(
        enter: @escaping @Sendable (_ operation: String) async throws -> Void,
        throttled: @escaping @Sendable (_ operation: String) async -> Void
    ) {
        self.enter = enter
        self.throttled = throttled
    }

    /// Lets everything pass at once.
    package static let open = CallLimiter(enter: { _ in }, throttled: { _ in })
}
