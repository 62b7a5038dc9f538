/// The pages of an operation, each fetched when it is asked for; an empty page with a token does not end them.
package struct Pages<Operation: PaginatedOperation>: AsyncSequence, Sendable {
    /// One page, as the service answered it.
    package typealias Element = Operation.Response

    let first: Operation
    let send: @Sendable (Operation) async throws -> Operation.Response

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(next: first, send: send) }

    /// Fetches page after page.
    package struct AsyncIterator: AsyncIteratorProtocol {
        private var next: Operation?
        private var circle = CircleDetector()
        private let send: @Sendable (Operation) async throws -> Operation.Response

        fileprivate init(next: Operation, send: @escaping @Sendable (Operation) async throws -> Operation.Response) {
            self.next = next
            self.send = send
        }

        /// Fetches the next page; throws `RepeatedPageToken` where the tokens go in a circle.
        package mutating func next() async throws -> Operation.Response? {
            guard let operation = next else { return nil }
            next = nil
            let page = try await send(operation)
            guard let token = Operation.nextToken(in: page), !token.isEmpty else { return page }
            guard !circle.closes(with: token) else { throw RepeatedPageToken(operation: Operation.name) }
            next = operation.following(token)
            return page
        }
    }
}

/// The service returned a page token for the second time.
package struct RepeatedPageToken: Error, Hashable, Sendable, CustomStringConvertible {
    /// The operation's name.
    package let operation: String
    package var description: String { "\(operation): the pages go in a circle, a token came twice" }
}

/// Notices a circle of any length while holding one token, by Brent's method: the token kept is replaced after 1, 2, 4…
/// pages, so that in the end the circle is shorter than the time to the next replacement.
struct CircleDetector: Sendable {
    private var kept: String?
    private var age = 0
    private var replacementAge = 1

    /// Whether `token` has come before; a circle may be gone round a few times until it is noticed.
    mutating func closes(with token: String) -> Bool {
        if token == kept { return true }
        age += 1
        guard kept == nil || age == replacementAge else { return false }
        kept = token
        age = 0
        replacementAge *= 2
        return false
    }
}
