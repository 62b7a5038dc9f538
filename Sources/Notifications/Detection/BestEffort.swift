internal import Support

/// A series of independent attempts.
///
/// A retryable failure, such as a throttled DynamoDB, stops the series, because the other attempts would fail too.
/// After a permanent failure the other attempts still run.
struct BestEffort {
    /// The first failure; nil while every attempt succeeded.
    private(set) var failure: (any Error)?
    private var isOver = false

    /// Runs `step` unless the series has stopped; false if it failed or did not run.
    @discardableResult
    mutating func attempt(_ step: () async throws -> Void) async -> Bool {
        if isOver { return false }
        do {
            try await step()
            return true
        } catch {
            failure = failure ?? error
            isOver = error is CancellationError || error.dispositionOrPermanent.isRetryable
            return false
        }
    }
}
