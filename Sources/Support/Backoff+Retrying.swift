extension Backoff {
    /// Performs `operation` until it succeeds, waiting longer and longer between its attempts.
    ///
    /// - Parameters:
    ///   - sleep: waits.
    ///   - isWorthAnother: judges a failure and the number of its attempt, which counts from 1.
    ///   - operation: one attempt.
    /// - Returns: what the attempt that succeeds returns.
    /// - Throws: the first failure that is not worth another attempt, or what `sleep` throws.
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
