// swift-format-ignore-file: AlwaysUseLowerCamelCase

internal import AWSCore
package import HTTPTransport
package import JSON

extension DynamoDB {
    /// Writes up to 25 items or 16 MB without conditions; what the answer leaves unprocessed must be sent again, later.
    package struct BatchWriteItem: DynamoDBItemOperation {
        /// Writes by table; no two for the same key.
        package var RequestItems: [String: [WriteRequest]]

        /// Asks for writes.
        package init(RequestItems: [String: [WriteRequest]]) { self.RequestItems = RequestItems }

        package struct Response: Sendable, Hashable {
            /// What was not done for want of capacity; the `RequestItems` of the next call.
            package var UnprocessedItems: [String: [WriteRequest]]?

            /// Holds nothing yet.
            package init() {}
        }

        package func write(to writer: inout JSONWriter) {
            writer.key("RequestItems")
            writer.map(RequestItems) { writer, requests in writer.list(requests) { $1.write(to: &$0) } }
        }

        package static func decode(_ response: HTTPResponse) throws -> Response { try Response(parsing: response.body) }
    }

    /// One write of a batch.
    package enum WriteRequest: Sendable, Hashable {
        /// Writes a whole item over whatever has its key.
        case put(Item)
        /// Removes the item of a key.
        case delete(Item)
    }
}

extension DynamoDB.WriteRequest: JSONReadable {
    init(reading cursor: inout JSONCursor) throws {
        var found: Self?
        try cursor.readObject { kind, request in
            try request.readObject { key, value in
                switch (kind, key) {
                case ("PutRequest", "Item"): found = .put(try value.readItem())
                case ("DeleteRequest", "Key"): found = .delete(try value.readItem())
                default: break
                }
            }
        }
        guard let found else { throw cursor.missing("a request to put or delete") }
        self = found
    }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        switch self {
        case .put(let item):
            writer.key("PutRequest")
            writer.beginObject()
            writer.member("Item", item)
        case .delete(let key):
            writer.key("DeleteRequest")
            writer.beginObject()
            writer.member("Key", key)
        }
        writer.endObject()
        writer.endObject()
    }
}

extension DynamoDB.BatchWriteItem.Response: JSONReadable {
    init(reading cursor: inout JSONCursor) throws {
        try cursor.readObject { key, value in
            guard key == "UnprocessedItems" else { return }
            UnprocessedItems = try value.readOptional {
                try $0.map { try $0.readList { try DynamoDB.WriteRequest(reading: &$0) } }
            }
        }
    }
}
