internal import Support

/// A series of attempts that do not depend on each other.
///
/// After a failure that another attempt may mend, such as a Hubot that does not answer, the rest is left for later, because
/// it would fail too. What was refused for good stands alone, and the rest goes on.
struct BestEffort {
    /// The first failure.
    private(set) var failure: (any Error)?
    private var isOver = false

    /// Tries `step`, unless the series is over; false where it was not done.
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
