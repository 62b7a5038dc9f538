package import EventLoop

extension EventLoop {
    /// Starts a loop, runs `body` on it and stops it.
    package static func with<Result: Sendable>(
        _ body: @escaping @Sendable (EventLoop) async throws -> Result
    ) async throws -> Result {
        let loop = try EventLoop(name: "test-loop")
        // An unstructured task, because it leaves the loop's thread at its end, which a loop cannot wait for from within.
        let outcome = await Task(executorPreference: loop) { try await body(loop) }.result
        loop.shutdown()
        return try outcome.get()
    }
}
