internal import AWSCore
internal import AWSServices
internal import FindingStore
internal import FleetRoles

extension FleetRole {
    /// The actions on the table and its stream that the role's policy under `ops/iam` allows.
    var tableActions: Set<String> {
        switch self {
        case .coordinator: ["BatchGetItem", "PutItem", "Query"]
        case .worker: ["BatchGetItem", "BatchWriteItem", "DeleteItem", "PutItem", "Query"]
        case .aggregator:
            [
                "BatchGetItem", "ConditionCheckItem", "DeleteItem", "GetItem", "PutItem", "Query", "DescribeStream",
                "GetRecords", "GetShardIterator",
            ]
        }
    }

    var policy: String { "\(rawValue).json" }
}

/// Calls the roles' actions on the table with a key that no item has, so that nothing changes.
struct TableCheck {
    let client: AWSClient
    let table: String
    let streamARN: String
    /// The table's ARN, for the statements in the advice.
    let tableARN: String
    /// The roles whose actions are called, all of them with the credentials of the person who runs the command.
    let roles: [FleetRole]

    private static let key: DynamoDB.Item = ["PK": .s("doctor"), "SK": .s("-")]
    private static let isThere = "attribute_exists(#pk)"
    private static let names = ["#pk": "PK"]

    func checks() async throws -> [Check] {
        let needed = roles.reduce(into: Set<String>()) { $0.formUnion($1.tableActions) }
        var prober = Prober(client: client, service: "dynamodb")
        try await read(needed, &prober)
        try await write(needed, &prober)
        if needed.contains("GetRecords") { try await follow(&prober) }
        let missing = prober.denied.sorted().flatMap(missing)
        let denied = prober.denied.sorted().joined(separator: ", ")
        let refusal = Check(subject: "table \(table)", verdict: .refused, text: "denied: \(denied)", missing: missing)
        let unknown = prober.unknown.map { Check(subject: "table \(table)", verdict: .unavailable, text: $0) }
        return (denied.isEmpty ? [] : [refusal]) + unknown
    }

    private func read(_ needed: Set<String>, _ prober: inout Prober) async throws {
        if needed.contains("Query") {
            let query = DynamoDB.Query(
                TableName: table,
                KeyConditionExpression: "#pk = :pk",
                ExpressionAttributeNames: Self.names,
                ExpressionAttributeValues: [":pk": .s("doctor")],
                ConsistentRead: true
            )
            _ = try await prober.ask(query)
        }
        if needed.contains("GetItem") {
            _ = try await prober.ask(DynamoDB.GetItem(TableName: table, Key: Self.key, ConsistentRead: true))
        }
        if needed.contains("BatchGetItem") {
            let keys = DynamoDB.KeysAndAttributes(Keys: [Self.key], ConsistentRead: true)
            _ = try await prober.ask(DynamoDB.BatchGetItem(RequestItems: [table: keys]))
        }
    }

    /// Makes writes whose condition fails, and deletes a key that no item has.
    private func write(_ needed: Set<String>, _ prober: inout Prober) async throws {
        if needed.contains("PutItem") {
            let put = DynamoDB.PutItem(
                TableName: table,
                Item: Self.key,
                ConditionExpression: Self.isThere,
                ExpressionAttributeNames: Self.names
            )
            _ = try await prober.ask(put)
        }
        if needed.contains("DeleteItem") {
            let delete = DynamoDB.DeleteItem(
                TableName: table,
                Key: Self.key,
                ConditionExpression: Self.isThere,
                ExpressionAttributeNames: Self.names
            )
            _ = try await prober.ask(delete)
        }
        if needed.contains("BatchWriteItem") {
            _ = try await prober.ask(DynamoDB.BatchWriteItem(RequestItems: [table: [.delete(Self.key)]]))
        }
        if needed.contains("ConditionCheckItem") {
            let check = DynamoDB.ConditionCheck(
                TableName: table,
                Key: Self.key,
                ConditionExpression: "attribute_not_exists(#pk)",
                ExpressionAttributeNames: Self.names
            )
            _ = try await prober.ask(DynamoDB.TransactWriteItems(TransactItems: [.conditionCheck(check)]))
        }
    }

    private func follow(_ prober: inout Prober) async throws {
        let stream = try await prober.ask(DynamoDBStreams.DescribeStream(StreamArn: streamARN, Limit: 1))
        // GetShardIterator and GetRecords need a shard.
        guard let shard = stream?.StreamDescription?.Shards?.first?.ShardId else { return }
        let ask = DynamoDBStreams.GetShardIterator(
            StreamArn: streamARN,
            ShardId: shard,
            ShardIteratorType: "TRIM_HORIZON"
        )
        guard let iterator = try await prober.ask(ask)?.ShardIterator else { return }
        _ = try await prober.ask(DynamoDBStreams.GetRecords(ShardIterator: iterator, Limit: 1))
    }

    private func missing(_ action: String) -> [MissingPermission] {
        // A transaction needs the permissions of its parts; ours has one part, a ConditionCheckItem.
        let action = action == "dynamodb:TransactWriteItems" ? "dynamodb:ConditionCheckItem" : action
        let name = String(action.drop { $0 != ":" }.dropFirst())
        let isOfStream = ["DescribeStream", "GetRecords", "GetShardIterator"].contains(name)
        return roles.filter { $0.tableActions.contains(name) }.map { role in
            MissingPermission(
                action: action,
                resource: isOfStream ? tableARN + "/stream/*" : tableARN,
                policy: role.policy,
                holder: "the \(role.rawValue)'s role"
            )
        }
    }
}
