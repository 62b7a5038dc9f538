/// The pages of an operation, each fetched when it is asked for; an empty page with a token does not end them.
package struct Pages<Operation: PaginatedOperation>: AsyncSequence, Sendable {
    package typealias Element = Operation.Response

    let first: Operation
    let send: @Sendable (Operation) async throws -> Operation.Response

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(next: first, send: send) }

    /// Fetches page after page.
    package struct AsyncIterator: AsyncIteratorProtocol {
        var next: Operation?
        var token: String?
        let send: @Sendable (Operation) async throws -> Operation.Response

        init(next: Operation?, send: @escaping @Sendable (Operation) async throws -> Operation.Response) {
            self.next = next
            self.send = send
        }

        /// Throws `RepeatedPageToken` where the service would send the caller in a circle.
        package mutating func next() async throws -> Operation.Response? {
            guard let operation = next else { return nil }
            let page = try await send(operation)
            let following = Operation.nextToken(in: page).flatMap { $0.isEmpty ? nil : $0 }
            if let following, following == token { throw RepeatedPageToken(operation: Operation.name) }
            token = following
            next = following.map(operation.following)
            return page
        }
    }
}

/// A page names itself as the page after it.
package struct RepeatedPageToken: Error, Hashable, Sendable, CustomStringConvertible {
    package let operation: String
    package var description: String { "\(operation): a page names itself as the next one" }
}
