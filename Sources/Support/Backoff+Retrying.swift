extension Backoff {
    /// Performs `operation` until it succeeds, waiting longer and longer between its attempts.
    ///
    /// - Parameters:
    ///   - sleep: waits for a duration.
    ///   - isWorthAnother: decides by the failure and its attempt's number, from 1, whether to try again.
    ///   - operation: one attempt.
    /// - Returns: the result of the attempt that succeeds.
    /// - Throws: the first failure that is not worth another attempt, or the error of `sleep`.
    package func retrying<Value>(
        sleep: (Duration) async throws -> Void,
        while isWorthAnother: (any Error, _ attempt: Int) -> Bool,
        operation: () async throws -> Value
    ) async throws -> Value {
        var attempt = 1
        while true {
            do {
                return try await operation()
            } catch let error where isWorthAnother(error, attempt) {
                try await sleep(delay(afterAttempt: attempt))
                attempt += 1
            }
        }
    }
}
