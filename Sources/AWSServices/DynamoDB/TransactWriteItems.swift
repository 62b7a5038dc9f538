// swift-format-ignore-file: AlwaysUseLowerCamelCase

internal import AWSCore
package import HTTPTransport
package import JSON

extension DynamoDB {
    /// Writes up to 100 items or 4 MB, all of them or none; no two actions for the same item.
    ///
    /// `TransactionCanceledException` tells in its `cancellationReasons` what each action failed for.
    package struct TransactWriteItems: DynamoDBItemOperation {
        /// The actions, each for another item.
        package var TransactItems: [TransactWriteItem]
        /// Makes a repetition within ten minutes succeed without effect; up to 36 characters.
        package var ClientRequestToken: String?

        /// Asks for writes that happen together.
        package init(TransactItems: [TransactWriteItem], ClientRequestToken: String? = nil) {
            self.TransactItems = TransactItems
            self.ClientRequestToken = ClientRequestToken
        }

        package struct Response: Sendable, Hashable {
            /// Holds nothing: no capacity was asked for.
            package init() {}
        }

        package func write(to writer: inout JSONWriter) {
            writer.key("TransactItems")
            writer.list(TransactItems) { $1.write(to: &$0) }
            writer.member("ClientRequestToken", ClientRequestToken)
        }

        package static func decode(_ response: HTTPResponse) throws -> Response { Response() }
    }

    /// One action of a transaction.
    package enum TransactWriteItem: Sendable {
        /// Only looks whether the condition holds.
        case conditionCheck(ConditionCheck)
        case put(PutItem)
        case delete(DeleteItem)
    }

    /// What must hold of an item that the transaction does not write.
    package struct ConditionCheck: Sendable {
        /// The table, by name; an ARN works as well.
        package var TableName: String
        /// The primary key: partition and sort key, and nothing else.
        package var Key: Item
        /// The condition that must hold for the whole transaction to be written.
        package var ConditionExpression: String
        /// Stand-ins such as `#s` for attribute names; DynamoDB refuses one that no expression uses.
        package var ExpressionAttributeNames: [String: String]?
        /// Stand-ins such as `:now` for values; DynamoDB refuses one that no expression uses.
        package var ExpressionAttributeValues: Item?

        /// Asks that a condition hold.
        package init(
            TableName: String,
            Key: Item,
            ConditionExpression: String,
            ExpressionAttributeNames: [String: String]? = nil,
            ExpressionAttributeValues: Item? = nil
        ) {
            self.TableName = TableName
            self.Key = Key
            self.ConditionExpression = ConditionExpression
            self.ExpressionAttributeNames = ExpressionAttributeNames
            self.ExpressionAttributeValues = ExpressionAttributeValues
        }
    }
}

extension DynamoDB.TransactWriteItem {
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        switch self {
        case .conditionCheck(let check):
            writer.key("ConditionCheck")
            writer.beginObject()
            check.write(to: &writer)
        case .put(let put):
            writer.key("Put")
            writer.beginObject()
            put.write(to: &writer)
        case .delete(let delete):
            writer.key("Delete")
            writer.beginObject()
            delete.write(to: &writer)
        }
        writer.endObject()
        writer.endObject()
    }
}

extension DynamoDB.ConditionCheck {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.member("TableName", TableName)
        writer.member("Key", Key)
        writer.member("ConditionExpression", ConditionExpression)
        writer.member("ExpressionAttributeNames", ExpressionAttributeNames)
        writer.member("ExpressionAttributeValues", ExpressionAttributeValues)
    }
}
