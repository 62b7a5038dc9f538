// swift-format-ignore-file: AlwaysUseLowerCamelCase

internal import AWSCore
package import HTTPTransport
package import JSON

extension DynamoDB {
    /// Reads one item.
    package struct GetItem: DynamoDBItemOperation {
        /// The table, by name; an ARN works as well.
        package var TableName: String
        /// The primary key: partition and sort key, and nothing else.
        package var Key: Item
        /// Whether every write that was answered before must be seen; costs twice the capacity.
        package var ConsistentRead: Bool?
        /// The attributes to answer, separated by commas; nil answers all, for as many read units.
        package var ProjectionExpression: String?
        /// Stand-ins such as `#s` for attribute names; DynamoDB refuses one that no expression uses.
        package var ExpressionAttributeNames: [String: String]?

        /// Asks for the item of a key.
        package init(
            TableName: String,
            Key: Item,
            ConsistentRead: Bool? = nil,
            ProjectionExpression: String? = nil,
            ExpressionAttributeNames: [String: String]? = nil
        ) {
            self.TableName = TableName
            self.Key = Key
            self.ConsistentRead = ConsistentRead
            self.ProjectionExpression = ProjectionExpression
            self.ExpressionAttributeNames = ExpressionAttributeNames
        }

        package struct Response: Sendable, Hashable {
            /// Nil where no item has the key.
            package var Item: DynamoDB.Item?

            /// Holds nothing yet.
            package init() {}
        }

        package func write(to writer: inout JSONWriter) {
            writer.member("TableName", TableName)
            writer.member("Key", Key)
            writer.member("ConsistentRead", ConsistentRead)
            writer.member("ProjectionExpression", ProjectionExpression)
            writer.member("ExpressionAttributeNames", ExpressionAttributeNames)
        }

        package static func decode(_ response: HTTPResponse) throws -> Response { try Response(parsing: response.body) }
    }
}

extension DynamoDB.GetItem.Response: JSONReadable {
    init(reading cursor: inout JSONCursor) throws {
        try cursor.readObject { key, value in
            if key == "Item" { Item = try value.optionalItem() }
        }
    }
}
