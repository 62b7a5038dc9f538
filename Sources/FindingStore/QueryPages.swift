internal import AWSCore
internal import AWSServices

/// The items of a query, page by page; a page may be empty and not be the last.
struct QueryPages: AsyncSequence, Sendable {
    typealias Element = [DynamoDB.Item]

    let client: PatientClient
    let first: DynamoDB.Query

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(client: client, next: first) }

    struct AsyncIterator: AsyncIteratorProtocol {
        let client: PatientClient
        var next: DynamoDB.Query?

        mutating func next() async throws -> [DynamoDB.Item]? {
            guard let query = next else { return nil }
            let page = try await client.send(query)
            next = DynamoDB.Query.nextToken(in: page).map(query.following)
            return page.Items ?? []
        }
    }
}
