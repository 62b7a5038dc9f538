package import AWSCore
package import AWSServices
internal import Domain

/// The fleet's DynamoDB table: what was found, what was told, and how far the stream was read.
///
/// Throttling, partial batches, pages and items beyond 400 KB are dealt with inside. Reads are consistent: they see
/// every write that was answered before.
package struct FindingStore: Sendable {
    /// The name of the table.
    package let table: String
    /// The table's DynamoDB.
    package let client: TableClient
    /// Gives seconds since 1970.
    package let now: @Sendable () -> Double
    let known = KnownVulnerabilities()

    /// Uses `table` through `client`, whose region is the table's; `now` gives seconds since 1970.
    package init(
        client: AWSClient,
        table: String,
        now: @escaping @Sendable () -> Double,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.table = table
        self.client = TableClient(client: client, table: table, sleep: sleep)
        self.now = now
    }

    /// Reads all items under a partition key, in the order of their sort keys.
    package func items<Value>(
        in partition: String,
        _ read: (DynamoDB.Item) throws -> Value
    ) async throws -> [Value] {
        var values: [Value] = []
        for try await page in client.query(partition) { values += try page.map(read) }
        return values
    }

    /// Writes an item over whatever is there, unless a newer leader than `fence` has written that; one that is there already
    /// with the same content makes no stream record.
    func put(_ item: DynamoDB.Item, fence: Int) async throws -> WriteOutcome {
        var item = item
        item["fence"] = .number(fence)
        let put = DynamoDB.PutItem(
            TableName: table,
            Item: item,
            ConditionExpression: "attribute_not_exists(#fence) OR #fence <= :fence",
            ExpressionAttributeNames: ["#fence": "fence"],
            ExpressionAttributeValues: [":fence": .number(fence)]
        )
        return try await client.succeeds(put) ? .written : .stale
    }
}
