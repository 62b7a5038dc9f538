internal import AWSCore
package import AWSServices

/// The items of a query, page by page; a page may be empty without being the last.
package struct QueryPages: AsyncSequence, Sendable {
    /// The items of one page, at most 1 MB as DynamoDB counts.
    package typealias Element = [DynamoDB.Item]

    let client: TableClient
    let first: DynamoDB.Query

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(client: client, next: first) }

    /// Sends one request per page, when the page is wanted.
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
