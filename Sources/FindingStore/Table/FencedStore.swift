internal import AWSCore
package import AWSServices
internal import Synchronization

/// The store as a leader writes it: every write fails once a later leader has announced itself.
///
/// A leader that was frozen and wakes up can therefore change nothing: not the notification log, not the outbox, not the
/// checkpoint.
package struct FencedStore: Sendable {
    /// The store behind the fence; writes through it directly are not fenced.
    package let store: FindingStore
    /// The fencing token of this leader; later leaders have greater ones.
    package let fence: Int
    private let role: String
    private let ids: OrderedIDs
    private let turns = SerialGate()

    /// Writes to `store` as the leader of `role` with the fencing token `fence`.
    package init(_ store: FindingStore, fence: Int, role: String = "aggregator") {
        self.store = store
        self.fence = fence
        self.role = role
        ids = OrderedIDs(fence: fence)
    }

    /// Writes this leader's fence into the table, after which no earlier leader can write.
    ///
    /// - Throws: `StoreError.superseded` if a later leader has already done so.
    package func lead() async throws {
        let put = DynamoDB.PutItem(
            TableName: store.table,
            Item: Key.fence(role).item.merging(["fence": .number(fence)]) { own, _ in own },
            ConditionExpression: "attribute_not_exists(#pk) OR #fence <= :fence",
            ExpressionAttributeNames: ["#pk": Key.partitionName, "#fence": "fence"],
            ExpressionAttributeValues: [":fence": .number(fence)]
        )
        guard try await store.client.succeeds(put) else { throw StoreError.superseded(fence) }
    }

    /// Checks that this is still the latest leader, before an effect outside the table such as sending a message.
    ///
    /// - Throws: `StoreError.superseded` if it is not.
    package func verifyLeadership() async throws {
        let item = try await store.client.get(Key.fence(role))
        guard item?["fence"] == .number(fence) else { throw StoreError.superseded(fence) }
    }

    /// Returns an id that sorts after every id that this or an earlier leader has made.
    package func nextID() -> String { ids.next(at: store.now()) }

    // MARK: Writing

    /// Performs groups of writes, several groups per transaction; a group is written completely or not at all.
    package func transact(_ groups: [[DynamoDB.WriteRequest]]) async throws {
        for batch in TransactionBatches(groups) { _ = try await transact(batch, once: nil) }
    }

    /// Performs writes in one transaction; returns false and writes nothing if the item `once` exists already.
    ///
    /// The transaction creates that item, so that a repetition after a crash has no effect.
    ///
    /// - Throws: `StoreError.superseded` if a later leader has announced itself.
    package func transact(_ writes: [DynamoDB.WriteRequest], once: Key?) async throws -> Bool {
        guard !writes.isEmpty || once != nil else { return true }
        var items: [DynamoDB.TransactWriteItem] = [.conditionCheck(leads)] + writes.map(action)
        if let once { items.append(.put(absent(once))) }
        let transaction = DynamoDB.TransactWriteItems(
            TransactItems: items,
            ClientRequestToken: nextID()
        )
        for attempt in 1... {
            do {
                // One at a time: transactions that check the same item, here the fence, make each other fail.
                _ = try await turns.take { try await store.client.send(transaction) }
                return true
            } catch let error as AWSServiceError where error.code == .transactionCanceled {
                try await explain(error, attempt)
                if error.cancellationReasons.contains(.conditionalCheckFailed) { return false }
            }
        }
        return false
    }

    /// Finds out why a transaction was cancelled, and waits if another attempt may succeed.
    ///
    /// It throws if this is no longer the latest leader, if the reason is permanent, or at the tenth attempt.
    private func explain(_ error: AWSServiceError, _ attempt: Int) async throws {
        try await verifyLeadership()
        if error.cancellationReasons.contains(.conditionalCheckFailed) { return }
        guard attempt < 10, error.cancellationReasons.contains(where: \.passes) else { throw error }
        try await store.client.sleep(.milliseconds(50 * attempt))
    }

    private var leads: DynamoDB.ConditionCheck {
        DynamoDB.ConditionCheck(
            TableName: store.table,
            Key: Key.fence(role).item,
            ConditionExpression: "#fence = :fence",
            ExpressionAttributeNames: ["#fence": "fence"],
            ExpressionAttributeValues: [":fence": .number(fence)]
        )
    }

    private func action(_ request: DynamoDB.WriteRequest) -> DynamoDB.TransactWriteItem {
        switch request {
        case .put(let item): .put(DynamoDB.PutItem(TableName: store.table, Item: item))
        case .delete(let key): .delete(DynamoDB.DeleteItem(TableName: store.table, Key: key))
        }
    }

    private func absent(_ key: Key) -> DynamoDB.PutItem {
        DynamoDB.PutItem(
            TableName: store.table,
            Item: key.item,
            ConditionExpression: "attribute_not_exists(#pk)",
            ExpressionAttributeNames: ["#pk": Key.partitionName]
        )
    }
}

/// Makes ids that sort by fence first and then by time, in microseconds; equal times are counted up.
private final class OrderedIDs: Sendable {
    private let fence: Int
    private let last: Mutex<Int> = Mutex(0)

    init(fence: Int) { self.fence = fence }

    func next(at now: Double) -> String {
        let number = last.withLock { last in
            last = max(last + 1, Int(now * 1e6))
            return last
        }
        return Self.padded(fence) + "-" + Self.padded(number)
    }

    private static func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 17 - digits.count)) + digits
    }
}
