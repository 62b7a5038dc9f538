// swift-format-ignore-file: AlwaysUseLowerCamelCase

internal import AWSCore
package import HTTPTransport
package import JSON

extension DynamoDB {
    /// Removes one item; that none has the key is no error.
    package struct DeleteItem: DynamoDBItemOperation {
        package var TableName: String
        package var Key: Item
        /// What must hold of the item that is there; `ConditionalCheckFailedException` where it does not.
        package var ConditionExpression: String?
        package var ExpressionAttributeNames: [String: String]?
        package var ExpressionAttributeValues: Item?
        /// `NONE`, which nil means too, or `ALL_OLD`.
        package var ReturnValues: String?

        /// Asks to remove an item.
        package init(
            TableName: String,
            Key: Item,
            ConditionExpression: String? = nil,
            ExpressionAttributeNames: [String: String]? = nil,
            ExpressionAttributeValues: Item? = nil,
            ReturnValues: String? = nil
        ) {
            self.TableName = TableName
            self.Key = Key
            self.ConditionExpression = ConditionExpression
            self.ExpressionAttributeNames = ExpressionAttributeNames
            self.ExpressionAttributeValues = ExpressionAttributeValues
            self.ReturnValues = ReturnValues
        }

        package typealias Response = ReturnedAttributes

        package func write(to writer: inout JSONWriter) {
            writer.member("TableName", TableName)
            writer.member("Key", Key)
            writer.member("ConditionExpression", ConditionExpression)
            writer.member("ExpressionAttributeNames", ExpressionAttributeNames)
            writer.member("ExpressionAttributeValues", ExpressionAttributeValues)
            writer.member("ReturnValues", ReturnValues)
        }

        package static func decode(_ response: HTTPResponse) throws -> Response { try Response(parsing: response.body) }
    }
}
