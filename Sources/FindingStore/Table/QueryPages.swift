internal import AWSCore
package import AWSServices

/// The items of a query, page by page; a page may be empty and not be the last.
package struct QueryPages: AsyncSequence, Sendable {
    package typealias Element = [DynamoDB.Item]

    let client: TableClient
    let first: DynamoDB.Query

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(client: client, next: first) }

    /// Asks for one page at a time.
    package struct AsyncIterator: AsyncIteratorProtocol {
        let client: TableClient
        var next: DynamoDB.Query?

        package mutating func next() async throws -> [DynamoDB.Item]? {
            guard let query = next else { return nil }
            let page = try await client.send(query)
            next = DynamoDB.Query.nextToken(in: page).map(query.following)
            return page.Items ?? []
        }
    }
}
