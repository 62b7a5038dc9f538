// swift-format-ignore-file: AlwaysUseLowerCamelCase

internal import AWSCore
package import HTTPTransport
package import JSON

extension DynamoDB {
    /// Writes a whole item over whatever has its key.
    package struct PutItem: DynamoDBItemOperation {
        /// The table, by name; an ARN works as well.
        package var TableName: String
        /// The whole item, at most 400 KB with its attribute names.
        package var Item: DynamoDB.Item
        /// What must hold of the item that is there; `ConditionalCheckFailedException` where it does not.
        package var ConditionExpression: String?
        /// Stand-ins such as `#s` for attribute names; DynamoDB refuses one that no expression uses.
        package var ExpressionAttributeNames: [String: String]?
        /// Stand-ins such as `:now` for values; DynamoDB refuses one that no expression uses.
        package var ExpressionAttributeValues: DynamoDB.Item?
        /// `NONE`, which nil means too, or `ALL_OLD`.
        package var ReturnValues: String?

        /// Asks to write an item.
        package init(
            TableName: String,
            Item: DynamoDB.Item,
            ConditionExpression: String? = nil,
            ExpressionAttributeNames: [String: String]? = nil,
            ExpressionAttributeValues: DynamoDB.Item? = nil,
            ReturnValues: String? = nil
        ) {
            self.TableName = TableName
            self.Item = Item
            self.ConditionExpression = ConditionExpression
            self.ExpressionAttributeNames = ExpressionAttributeNames
            self.ExpressionAttributeValues = ExpressionAttributeValues
            self.ReturnValues = ReturnValues
        }

        package typealias Response = ReturnedAttributes

        package func write(to writer: inout JSONWriter) {
            writer.member("TableName", TableName)
            writer.member("Item", Item)
            writer.member("ConditionExpression", ConditionExpression)
            writer.member("ExpressionAttributeNames", ExpressionAttributeNames)
            writer.member("ExpressionAttributeValues", ExpressionAttributeValues)
            writer.member("ReturnValues", ReturnValues)
        }

        package static func decode(_ response: HTTPResponse) throws -> Response { try Response(parsing: response.body) }
    }

    /// The answer of the calls that write one item.
    package struct ReturnedAttributes: Sendable, Hashable {
        /// Nil unless `ReturnValues` asked for them and there are any.
        package var Attributes: Item?

        /// Holds nothing yet.
        package init() {}
    }
}

extension DynamoDB.ReturnedAttributes: JSONReadable {
    init(reading cursor: inout JSONCursor) throws {
        try cursor.readObject { key, value in
            if key == "Attributes" { Attributes = try value.optionalItem() }
        }
    }
}
