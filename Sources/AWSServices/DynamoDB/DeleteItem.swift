// swift-format-ignore-file: AlwaysUseLowerCamelCase

internal import AWSCore
package import HTTPTransport
package import JSON

extension DynamoDB {
    /// Removes one item; that none has the key is no error.
    package struct DeleteItem: DynamoDBItemOperation {
        /// The table, by name; an ARN works as well.
        package var TableName: String
        /// The primary key: partition and sort key, and nothing else.
        package var Key: Item
        /// What must hold of the item that is there; `ConditionalCheckFailedException` where it does not.
        package var ConditionExpression: String?
        /// Stand-ins such as `#s` for attribute names; DynamoDB refuses one that no expression uses.
        package var ExpressionAttributeNames: [String: String]?
        /// Stand-ins such as `:now` for values; DynamoDB refuses one that no expression uses.
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
