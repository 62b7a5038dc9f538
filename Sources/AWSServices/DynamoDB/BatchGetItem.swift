// swift-format-ignore-file: AlwaysUseLowerCamelCase

internal import AWSCore
package import HTTPTransport
package import JSON

extension DynamoDB {
    /// Reads up to 100 items or 16 MB; what the answer leaves unprocessed must be asked for again, later.
    package struct BatchGetItem: DynamoDBItemOperation {
        /// Keys by table.
        package var RequestItems: [String: KeysAndAttributes]

        /// Asks for items.
        package init(RequestItems: [String: KeysAndAttributes]) { self.RequestItems = RequestItems }

        package struct Response: Sendable, Hashable {
            /// Items by table, in no order; keys without an item are left out.
            package var Responses: [String: [Item]]?
            /// What was not looked at for want of capacity or room; the `RequestItems` of the next call.
            package var UnprocessedKeys: [String: KeysAndAttributes]?

            /// Holds nothing yet.
            package init() {}
        }

        package func write(to writer: inout JSONWriter) {
            writer.key("RequestItems")
            writer.map(RequestItems) { $1.write(to: &$0) }
        }

        package static func decode(_ response: HTTPResponse) throws -> Response { try Response(parsing: response.body) }
    }

    /// Which items of a table, and what of them.
    package struct KeysAndAttributes: Sendable, Hashable {
        /// At most 100, each once.
        package var Keys: [Item]
        /// Whether every write that was answered before must be seen; costs twice the capacity.
        package var ConsistentRead: Bool?
        /// The attributes to answer, separated by commas; nil answers all, for as many read units.
        package var ProjectionExpression: String?
        /// Stand-ins such as `#s` for attribute names; DynamoDB refuses one that no expression uses.
        package var ExpressionAttributeNames: [String: String]?

        /// Names items.
        package init(
            Keys: [Item],
            ConsistentRead: Bool? = nil,
            ProjectionExpression: String? = nil,
            ExpressionAttributeNames: [String: String]? = nil
        ) {
            self.Keys = Keys
            self.ConsistentRead = ConsistentRead
            self.ProjectionExpression = ProjectionExpression
            self.ExpressionAttributeNames = ExpressionAttributeNames
        }
    }
}

extension DynamoDB.KeysAndAttributes: JSONReadable {
    init(reading cursor: inout JSONCursor) throws {
        Keys = []
        try cursor.readObject { key, value in
            switch key {
            case "Keys": Keys = try value.readList { try $0.readItem() }
            case "ConsistentRead": ConsistentRead = try value.readOptional { try $0.readBool() }
            case "ProjectionExpression": ProjectionExpression = try value.optionalString()
            case "ExpressionAttributeNames":
                ExpressionAttributeNames = try value.readOptional { try $0.map { try $0.readString() } }
            default: break
            }
        }
    }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("Keys")
        writer.list(Keys) { $0.item($1) }
        writer.member("ConsistentRead", ConsistentRead)
        writer.member("ProjectionExpression", ProjectionExpression)
        writer.member("ExpressionAttributeNames", ExpressionAttributeNames)
        writer.endObject()
    }
}

extension DynamoDB.BatchGetItem.Response: JSONReadable {
    init(reading cursor: inout JSONCursor) throws {
        try cursor.readObject { key, value in
            switch key {
            case "Responses":
                Responses = try value.readOptional { try $0.map { try $0.readList { try $0.readItem() } } }
            case "UnprocessedKeys":
                UnprocessedKeys = try value.readOptional { try $0.map { try DynamoDB.KeysAndAttributes(reading: &$0) } }
            default: break
            }
        }
    }
}
