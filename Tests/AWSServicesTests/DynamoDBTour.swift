import AWSCore
import AWSServices
import Testing

/// Every call of DynamoDB, its answers and its errors; gives the table's stream.
func tourDynamoDB(_ client: AWSClient) async throws -> String {
    #expect(
        await errorCode { try await client.send(DynamoDB.DescribeTable(TableName: "t")) } == "ResourceNotFoundException"
    )
    let keys = [("PK", "HASH"), ("SK", "RANGE")]
    let create = DynamoDB.CreateTable(
        TableName: "t",
        AttributeDefinitions: keys.map { .init(AttributeName: $0.0, AttributeType: "S") },
        KeySchema: keys.map { .init(AttributeName: $0.0, KeyType: $0.1) },
        StreamSpecification: .init(StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES")
    )
    #expect(try await client.send(create).TableDescription?.TableName == "t")
    #expect(await errorCode { try await client.send(create) } == "ResourceInUseException")
    let table = try #require(try await client.send(DynamoDB.DescribeTable(TableName: "t")).Table)
    #expect(table.TableStatus == "ACTIVE")
    #expect(table.KeySchema == create.KeySchema)
    #expect(table.StreamSpecification == create.StreamSpecification)
    try await tourItem(client)
    try await tourBatches(client)
    return try #require(table.LatestStreamArn)
}

/// One item through its life: written, refused, read, changed, removed.
private func tourItem(_ client: AWSClient) async throws {
    let key: DynamoDB.Item = ["PK": .s("p"), "SK": .s("s/\u{E9}")]
    var item = key.merging([
        "bytes": .b([0, 255]), "list": .l([.bool(true), .null]), "map": .m(["a": .n("1")]), "set": .ss(["x"]),
        "token": .n("1"),
    ]) { $1 }
    var put = DynamoDB.PutItem(
        TableName: "t",
        Item: item,
        ConditionExpression: "attribute_not_exists(#pk) OR #t < :t",
        ExpressionAttributeNames: ["#pk": "PK", "#t": "token"],
        ExpressionAttributeValues: [":t": .n("1")],
        ReturnValues: "ALL_OLD"
    )
    #expect(try await client.send(put).Attributes == nil)
    #expect(await errorCode { try await client.send(put) } == "ConditionalCheckFailedException")
    put.ExpressionAttributeValues = [":t": .n("2")]
    #expect(try await client.send(put).Attributes == item)
    #expect(try await client.send(DynamoDB.GetItem(TableName: "t", Key: key, ConsistentRead: true)).Item == item)
    put.Item["token"] = .n("7")
    #expect(try await client.send(put).Attributes == item)
    item["token"] = .n("7")
    var delete = DynamoDB.DeleteItem(
        TableName: "t",
        Key: key,
        ConditionExpression: "#t = :t",
        ExpressionAttributeNames: ["#t": "token"],
        ExpressionAttributeValues: [":t": .n("6")],
        ReturnValues: "ALL_OLD"
    )
    #expect(await errorCode { try await client.send(delete) } == "ConditionalCheckFailedException")
    delete.ExpressionAttributeValues = [":t": .n("7")]
    #expect(try await client.send(delete).Attributes == item)
    #expect(try await client.send(DynamoDB.GetItem(TableName: "t", Key: key)).Item == nil)
}

/// Twenty items at once, read back by key and by pages.
private func tourBatches(_ client: AWSClient) async throws {
    let items = (10..<30).map { number in
        ["PK": .s("batch"), "SK": .s("\(number)"), "n": .n("\(number)")] as DynamoDB.Item
    }
    let written = try await client.send(DynamoDB.BatchWriteItem(RequestItems: ["t": items.map { .put($0) }]))
    #expect(written.UnprocessedItems ?? [:] == [:])
    let query = DynamoDB.Query(
        TableName: "t",
        KeyConditionExpression: "PK = :p AND SK >= :s",
        ExpressionAttributeValues: [":p": .s("batch"), ":s": .s("15")],
        Limit: 6
    )
    var pages: [[DynamoDB.Item]] = []
    for try await page in client.pages(query) { pages.append(page.Items ?? []) }
    #expect(pages.flatMap { $0 } == Array(items.dropFirst(5)))
    #expect(pages.count >= 3)
    var backwards = query
    backwards.ScanIndexForward = false
    backwards.ProjectionExpression = "SK"
    #expect(try await client.send(backwards).Items?.first == ["SK": .s("29")])

    let wanted = [10, 12, 99].map { ["PK": .s("batch"), "SK": .s("\($0)")] as DynamoDB.Item }
    let request = DynamoDB.KeysAndAttributes(
        Keys: wanted,
        ConsistentRead: true,
        ProjectionExpression: "#n",
        ExpressionAttributeNames: ["#n": "n"]
    )
    let read = try await client.send(DynamoDB.BatchGetItem(RequestItems: ["t": request]))
    #expect(Set(read.Responses?["t"] ?? []) == [["n": .n("10")], ["n": .n("12")]])
    #expect(read.UnprocessedKeys ?? [:] == [:])
    _ = try await client.send(
        DynamoDB.BatchWriteItem(RequestItems: ["t": items.dropFirst().map { .delete(key(of: $0)) }])
    )
    let left = try await client.send(query)
    #expect(left.Items == [])
    #expect(left.LastEvaluatedKey == nil)
}

private func key(of item: DynamoDB.Item) -> DynamoDB.Item { item.filter { ["PK", "SK"].contains($0.key) } }

/// Reads back what `tourDynamoDB` did.
func tourStream(_ client: AWSClient, _ arn: String) async throws {
    var shards: [DynamoDBStreams.Shard] = []
    var states: Set<String?> = []
    for try await page in client.pages(DynamoDBStreams.DescribeStream(StreamArn: arn)) {
        states.insert(page.StreamDescription?.StreamStatus)
        shards += page.StreamDescription?.Shards ?? []
    }
    #expect(states == ["ENABLED"])
    var records: [DynamoDBStreams.Record] = []
    for shard in shards {
        let place = DynamoDBStreams.GetShardIterator(
            StreamArn: arn,
            ShardId: shard.ShardId ?? "",
            ShardIteratorType: "TRIM_HORIZON"
        )
        let iterator = try #require(try await client.send(place).ShardIterator)
        records += try await client.send(DynamoDBStreams.GetRecords(ShardIterator: iterator, Limit: 1000)).Records ?? []
    }
    let kinds = Dictionary(grouping: records) { $0.eventName }.mapValues(\.count)
    #expect(kinds["INSERT"] == 21)
    #expect(kinds["REMOVE"] == 20)
    #expect(kinds["MODIFY", default: 0] >= 1)
    let removed = records.last { $0.eventName == "REMOVE" }?.dynamodb
    #expect(removed?.NewImage == nil)
    #expect(removed?.OldImage?["n"] == .n("29"))
    #expect(removed?.Keys == ["PK": .s("batch"), "SK": .s("29")])
    #expect(Set(records.compactMap(\.dynamodb?.SequenceNumber)).count == records.count)
}
