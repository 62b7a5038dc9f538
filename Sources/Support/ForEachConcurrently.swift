extension Sequence where Element: Sendable, Self: Sendable {
    /// Runs `body` for every element, at most `limit` at a time; the first error cancels the others and is thrown.
    package func forEachConcurrently(
        limit: Int,
        _ body: @escaping @Sendable (Element) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var running = 0
            for element in self {
                if running >= Swift.max(1, limit) {
                    try await group.next()
                    running -= 1
                }
                group.addTask { try await body(element) }
                running += 1
            }
            try await group.waitForAll()
        }
    }

    /// Maps every element, at most `limit` at a time, and keeps their order; the first error cancels the others.
    package func mapConcurrently<Result: Sendable>(
        limit: Int,
        _ body: @escaping @Sendable (Element) async throws -> Result
    ) async throws -> [Result] {
        try await withThrowingTaskGroup(of: (Int, Result).self) { group in
            var results: [Int: Result] = [:]
            var running = 0
            for (index, element) in self.enumerated() {
                if running >= Swift.max(1, limit), let (done, result) = try await group.next() {
                    results[done] = result
                    running -= 1
                }
                group.addTask { (index, try await body(element)) }
                running += 1
            }
            for try await (done, result) in group { results[done] = result }
            return results.sorted { $0.key < $1.key }.map(\.value)
        }
    }
}
