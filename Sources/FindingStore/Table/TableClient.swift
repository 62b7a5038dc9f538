package import AWSCore
package import AWSServices
internal import Support

/// Sends DynamoDB requests, with up to ten attempts each.
///
/// AWS' usual three are not enough: an on-demand table throttles while it adapts to a new load, and then completes only
/// part of a batch.
package struct TableClient: Sendable {
    let client: AWSClient
    let table: String
    /// Waits between two attempts; tests replace it.
    package let sleep: @Sendable (Duration) async throws -> Void

    private let backoff = Backoff(base: .milliseconds(100), cap: .seconds(5))
    private static let attempts = 10
    private static let getBatch = 100
    private static let writeBatch = 25

    init(client: AWSClient, table: String, sleep: @escaping @Sendable (Duration) async throws -> Void) {
        self.client = client
        self.table = table
        self.sleep = sleep
    }

    /// Performs one operation, and repeats it with backoff while the error is retryable.
    package func send<O: AWSOperation>(_ operation: O) async throws -> O.Response {
        try await backoff.retrying(
            sleep: sleep,
            while: { $0.dispositionOrPermanent.isRetryable && $1 < Self.attempts },
            operation: { try await client.send(operation) }
        )
    }

    /// Queries all items under a partition key, with strongly consistent reads.
    ///
    /// `prefix` limits the query to sort keys that begin with it, `after` to sort keys greater than it; give one or neither.
    /// If `attributes` are given, each item holds only these and its key.
    package func query(
        _ partition: String,
        prefix: String? = nil,
        after: String? = nil,
        only attributes: [String] = []
    )
        -> QueryPages
    {
        var condition = "#pk = :pk"
        var names = ["#pk": Key.partitionName]
        var values: DynamoDB.Item = [":pk": .s(partition)]
        if let prefix {
            condition += " AND begins_with(#sk, :prefix)"
            names["#sk"] = Key.sortName
            values[":prefix"] = .s(prefix)
        }
        if let after {
            condition += " AND #sk > :after"
            names["#sk"] = Key.sortName
            values[":after"] = .s(after)
        }
        for attribute in attributes { names["#\(attribute)"] = attribute }
        var first = DynamoDB.Query(
            TableName: table,
            KeyConditionExpression: condition,
            ExpressionAttributeNames: names,
            ExpressionAttributeValues: values,
            ConsistentRead: true
        )
        if !attributes.isEmpty {
            names["#sk"] = Key.sortName
            first.ExpressionAttributeNames = names
            first.ProjectionExpression = (["pk", "sk"] + attributes).map { "#\($0)" }.joined(separator: ", ")
        }
        return QueryPages(client: self, first: first)
    }

    /// Reads one item, strongly consistently; nil if there is none.
    package func get(_ key: Key) async throws -> DynamoDB.Item? {
        try await send(DynamoDB.GetItem(TableName: table, Key: key.item, ConsistentRead: true)).Item
    }

    /// Reads items by key, strongly consistently; items that do not exist are absent.
    ///
    /// - Throws: `StoreError.unprocessed` if DynamoDB still leaves keys unprocessed after ten attempts.
    package func get(_ keys: some Sequence<Key>, keysOnly: Bool = false) async throws -> [Key: DynamoDB.Item] {
        var found: [Key: DynamoDB.Item] = [:]
        var rest = Array(Set(keys))[...]
        while !rest.isEmpty {
            let batch = rest.prefix(Self.getBatch)
            rest = rest.dropFirst(batch.count)
            for item in try await getBatch(batch.map(\.item), keysOnly: keysOnly) { found[try Key(of: item)] = item }
        }
        return found
    }

    private func getBatch(_ keys: [DynamoDB.Item], keysOnly: Bool) async throws -> [DynamoDB.Item] {
        var items: [DynamoDB.Item] = []
        var asked = DynamoDB.KeysAndAttributes(Keys: keys, ConsistentRead: true)
        if keysOnly {
            asked.ProjectionExpression = "#pk, #sk"
            asked.ExpressionAttributeNames = ["#pk": Key.partitionName, "#sk": Key.sortName]
        }
        for attempt in 1...Self.attempts {
            let answer = try await send(DynamoDB.BatchGetItem(RequestItems: [table: asked]))
            let got = answer.Responses?[table] ?? []
            items += got
            guard let left = answer.UnprocessedKeys?[table]?.Keys, !left.isEmpty else { return items }
            asked.Keys = left
            // If the answer reached its limit of 16 MB, the rest can be read at once; if capacity ran out, wait.
            if got.isEmpty { try await sleep(backoff.delay(afterAttempt: attempt)) }
        }
        throw StoreError.unprocessed(asked.Keys.count)
    }

    /// Writes and deletes without conditions, 25 requests at a time.
    ///
    /// - Throws: `StoreError.unprocessed` if DynamoDB still leaves requests unprocessed after ten attempts.
    func write(_ requests: [DynamoDB.WriteRequest]) async throws {
        var rest = requests[...]
        while !rest.isEmpty {
            let batch = Array(rest.prefix(Self.writeBatch))
            rest = rest.dropFirst(batch.count)
            try await writeBatch(batch)
        }
    }

    private func writeBatch(_ batch: [DynamoDB.WriteRequest]) async throws {
        var left = batch
        for attempt in 1...Self.attempts {
            let answer = try await send(DynamoDB.BatchWriteItem(RequestItems: [table: left]))
            left = answer.UnprocessedItems?[table] ?? []
            if left.isEmpty { return }
            try await sleep(backoff.delay(afterAttempt: attempt))
        }
        throw StoreError.unprocessed(left.count)
    }

    /// Performs a conditional write; false if its condition did not hold.
    package func succeeds<O: AWSOperation>(_ operation: O) async throws -> Bool {
        do {
            _ = try await send(operation)
            return true
        } catch let error as AWSServiceError where error.code == .conditionalCheckFailed {
            return false
        }
    }
}

extension Key {
    /// The key as DynamoDB attributes.
    package var item: DynamoDB.Item { [Self.partitionName: .s(partition), Self.sortName: .s(sort)] }

    /// Reads the key of an item.
    ///
    /// - Throws: `StoreError.malformed` if the item lacks one of the two attributes.
    package init(of item: DynamoDB.Item) throws(StoreError) {
        guard case .s(let partition)? = item[Self.partitionName], case .s(let sort)? = item[Self.sortName] else {
            throw .malformed(key: "?", attribute: "\(Self.partitionName), \(Self.sortName)")
        }
        self.init(partition: partition, sort: sort)
    }
}
