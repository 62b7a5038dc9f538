internal import AWSCore
internal import AWSServices
package import FindingStore

extension FindingStore {
    /// How many messages lie on a shelf.
    package func count(on shelf: DeliveryState) async throws -> Int {
        var count = 0
        for try await page in client.query(shelf.rawValue, only: ["at"]) { count += page.count }
        return count
    }

    /// Puts a refused message back into the outbox, where whoever leads finds it.
    ///
    /// Written by whom somebody asked, who leads nothing: so it holds only while the message lies where it was.
    /// - Returns: whether it was there.
    package func resend(_ message: OutboxMessage) async throws -> Bool {
        let taken = DynamoDB.DeleteItem(
            TableName: table,
            Key: Key.message(message.id, .refused).item,
            ConditionExpression: "attribute_exists(#pk)",
            ExpressionAttributeNames: ["#pk": Key.partitionName]
        )
        let put = DynamoDB.PutItem(TableName: table, Item: try MessageCodec.item(of: message, .outbox))
        // Where the answer is lost, the repetition finds nothing on the shelf: only its name says that it did that itself.
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
