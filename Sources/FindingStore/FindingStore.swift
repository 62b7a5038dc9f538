package import AWSCore
package import AWSServices
internal import Domain

/// The fleet's DynamoDB table: findings, coverage, the notification log and the stream's checkpoint.
///
/// The store handles throttling, partial batches, pages and images beyond DynamoDB's limit of 400 KB per item. Reads are
/// strongly consistent: they see every write that was acknowledged before.
package struct FindingStore: Sendable {
    /// The table's name, in the region of the client.
    package let table: String
    /// Sends the requests, and repeats those that DynamoDB throttles.
    package let client: TableClient
    /// The current time in seconds since 1970; tests replace it.
    package let now: @Sendable () -> Double
    let known = KnownVulnerabilities()

    /// Uses `table` in the region of `client`.
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

    /// Reads all items under a partition key, in the order of their sort keys, and converts them with `read`.
    package func items<Value>(
        in partition: String,
        _ read: (DynamoDB.Item) throws -> Value
    ) async throws -> [Value] {
        var values: [Value] = []
        for try await page in client.query(partition) { values += try page.map(read) }
        return values
    }

    /// Replaces an item unless a newer leader than `fence` has written it.
    ///
    /// DynamoDB makes no stream record if the item and its fence stay the same.
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
