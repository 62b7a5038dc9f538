// swift-format-ignore-file: AlwaysUseLowerCamelCase

internal import AWSCore
package import HTTPTransport
package import JSON

extension DynamoDB {
    /// Changes attributes of one item, and makes it where it is not there.
    package struct UpdateItem: DynamoDBItemOperation {
        /// `ADD` and `SET a = a + :n` would count twice.
        package static var isIdempotent: Bool { false }

        package var TableName: String
        package var Key: Item
        /// `SET`, `REMOVE`, `ADD` and `DELETE` clauses.
        package var UpdateExpression: String?
        /// What must hold of the item that is there; `ConditionalCheckFailedException` where it does not.
        package var ConditionExpression: String?
        package var ExpressionAttributeNames: [String: String]?
        package var ExpressionAttributeValues: Item?
        /// `NONE`, which nil means too, `ALL_OLD`, `UPDATED_OLD`, `ALL_NEW` or `UPDATED_NEW`.
        package var ReturnValues: String?

        /// Asks to change an item; `ReturnValues` can be set afterwards.
        package init(
            TableName: String,
            Key: Item,
            UpdateExpression: String? = nil,
            ConditionExpression: String? = nil,
            ExpressionAttributeNames: [String: String]? = nil,
            ExpressionAttributeValues: Item? = nil
        ) {
            self.TableName = TableName
            self.Key = Key
            self.UpdateExpression = UpdateExpression
            self.ConditionExpression = ConditionExpression
            self.ExpressionAttributeNames = ExpressionAttributeNames
            self.ExpressionAttributeValues = ExpressionAttributeValues
        }

        package typealias Response = ReturnedAttributes

        package func write(to writer: inout JSONWriter) {
            writer.member("TableName", TableName)
            writer.member("Key", Key)
            writer.member("UpdateExpression", UpdateExpression)
            writer.member("ConditionExpression", ConditionExpression)
            writer.member("ExpressionAttributeNames", ExpressionAttributeNames)
            writer.member("ExpressionAttributeValues", ExpressionAttributeValues)
            writer.member("ReturnValues", ReturnValues)
        }

        package static func decode(_ response: HTTPResponse) throws -> Response { try Response(parsing: response.body) }
    }
}
