/// Paces the attempts at one place's calls, for the whole fleet; the retries of a call pass it like the first attempt.
package struct CallLimiter: Sendable {
    /// Returns once an attempt at the operation may be made.
    package var enter: @Sendable (_ operation: String) async throws -> Void
    /// Hears that AWS throttled the operation.
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
