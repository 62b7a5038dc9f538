internal import AWSCore
internal import AWSServices
package import FindingStore

extension FindingStore {
    /// How many messages are in this state.
    package func count(on deliveryState: DeliveryState) async throws -> Int {
        var count = 0
        for try await page in client.query(deliveryState.rawValue, only: ["at"]) { count += page.count }
        return count
    }

    /// Moves a refused message back into the outbox, where the leader finds it.
    ///
    /// The caller is an operator's command and not the leader, so the write is conditional on the message still being
    /// refused.
    ///
    /// - Returns: false if the message was not refused any more.
    package func resend(_ message: OutboxMessage) async throws -> Bool {
        let taken = DynamoDB.DeleteItem(
            TableName: table,
            Key: Key.message(message.id, .refused).item,
            ConditionExpression: "attribute_exists(#pk)",
            ExpressionAttributeNames: ["#pk": Key.partitionName]
        )
        let put = DynamoDB.PutItem(TableName: table, Item: try MessageCodec.item(of: message, .outbox))
        // If the response is lost, a retry finds the message gone; the request token lets DynamoDB recognise the retry.
        let name = (0..<2).map { _ in String(UInt64.random(in: .min ... .max), radix: 16) }.joined()
        let move = DynamoDB.TransactWriteItems(TransactItems: [.delete(taken), .put(put)], ClientRequestToken: name)
        do {
            _ = try await client.send(move)
            return true
        } catch let error as AWSServiceError
            where error.code == .transactionCanceled
            && error.cancellationReasons.contains(.conditionalCheckFailed)
        {
            return false
        }
    }
}
