// swift-format-ignore-file: AlwaysUseLowerCamelCase

internal import AWSCore
package import HTTPTransport
package import JSON

extension DynamoDB {
    /// Reads the items of one partition key in the order of their sort keys; a page ends at 1 MB or at `Limit`.
    package struct Query: DynamoDBItemOperation, PaginatedOperation {
        /// The table, by name; an ARN works as well.
        package var TableName: String
        /// One partition, and if need be a range of sort keys.
        package var KeyConditionExpression: String
        /// Stand-ins such as `#s` for attribute names; DynamoDB refuses one that no expression uses.
        package var ExpressionAttributeNames: [String: String]?
        /// Stand-ins such as `:now` for values; DynamoDB refuses one that no expression uses.
        package var ExpressionAttributeValues: Item?
        /// How many items a page may look at.
        package var Limit: Int?
        /// Whether every write that was answered before must be seen; costs twice the capacity.
        package var ConsistentRead: Bool?
        /// The attributes to answer, separated by commas; nil answers all, for as many read units.
        package var ProjectionExpression: String?
        /// False reads from the greatest sort key down.
        package var ScanIndexForward: Bool?
        /// The key after which the page begins.
        package var ExclusiveStartKey: Item?

        /// The same as JSON, as the page before gave it: it goes back unread.
        private var startToken: String?

        /// Asks for the first page; projection, order and start can be set afterwards.
        package init(
            TableName: String,
            KeyConditionExpression: String,
            ExpressionAttributeNames: [String: String]? = nil,
            ExpressionAttributeValues: Item? = nil,
            Limit: Int? = nil,
            ConsistentRead: Bool? = nil
        ) {
            self.TableName = TableName
            self.KeyConditionExpression = KeyConditionExpression
            self.ExpressionAttributeNames = ExpressionAttributeNames
            self.ExpressionAttributeValues = ExpressionAttributeValues
            self.Limit = Limit
            self.ConsistentRead = ConsistentRead
        }

        package struct Response: Sendable, Hashable {
            /// May be empty on a page that others follow.
            package var Items: [Item]?
            /// Where the next page begins; nil on the last.
            package var LastEvaluatedKey: Item?

            /// Holds nothing yet.
            package init() {}
        }

        package func write(to writer: inout JSONWriter) {
            writer.member("TableName", TableName)
            writer.member("KeyConditionExpression", KeyConditionExpression)
            writer.member("ExpressionAttributeNames", ExpressionAttributeNames)
            writer.member("ExpressionAttributeValues", ExpressionAttributeValues)
            writer.member("Limit", Limit)
            writer.member("ConsistentRead", ConsistentRead)
            writer.member("ProjectionExpression", ProjectionExpression)
            writer.member("ScanIndexForward", ScanIndexForward)
            if let startToken {
                writer.key("ExclusiveStartKey")
                writer.encoded(startToken.utf8)
            } else {
                writer.member("ExclusiveStartKey", ExclusiveStartKey)
            }
        }

        package static func decode(_ response: HTTPResponse) throws -> Response { try Response(parsing: response.body) }

        package func following(_ token: String) -> Self {
            var copy = self
            copy.startToken = token
            return copy
        }

        /// A cursor from the page before; nil asks for the first page, and in an answer means the last one.
        package static func nextToken(in page: Response) -> String? { page.LastEvaluatedKey.map(token) }

        /// The key as JSON with its attributes in order, so that equal keys are equal tokens.
        private static func token(_ key: Item) -> String {
            var writer = JSONWriter()
            writer.beginObject()
            for (name, value) in key.sorted(by: { $0.key < $1.key }) {
                writer.key(name)
                writer.attribute(value)
            }
            writer.endObject()
            return String(decoding: writer.bytes, as: UTF8.self)
        }
    }
}

extension DynamoDB.Query.Response: JSONReadable {
    init(reading cursor: inout JSONCursor) throws {
        try cursor.readObject { key, value in
            switch key {
            case "Items": Items = try value.readOptional { try $0.readList { try $0.readItem() } }
            case "LastEvaluatedKey": LastEvaluatedKey = try value.optionalItem()
            default: break
            }
        }
    }
}
