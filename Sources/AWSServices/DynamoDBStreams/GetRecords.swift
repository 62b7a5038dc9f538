// swift-format-ignore-file: AlwaysUseLowerCamelCase

internal import AWSCore
package import HTTPTransport
internal import JSON

extension DynamoDBStreams {
    /// Reads the changes from a place on; none does not mean that there will be none.
    package struct GetRecords: DynamoDBStreamsOperation {
        /// A place in a shard; it expires after 15 minutes.
        package var ShardIterator: String
        /// 1 to 1,000.
        package var Limit: Int?

        /// Asks for the records from a place on.
        package init(ShardIterator: String, Limit: Int? = nil) {
            self.ShardIterator = ShardIterator
            self.Limit = Limit
        }

        package struct Response: Sendable, Hashable {
            /// The records in the order in which they were written.
            package var Records: [Record]?
            /// Where to read on; nil at the end of a closed shard.
            package var NextShardIterator: String?

            /// Holds nothing yet.
            package init() {}
        }

        package static func decode(_ response: HTTPResponse) throws -> Response { try Response(parsing: response.body) }
    }

    /// One change of one item.
    package struct Record: Sendable, Hashable {
        /// Unique in its stream; a record that is read again has the same.
        package var eventID: String?
        /// `INSERT`, `MODIFY` or `REMOVE`.
        package var eventName: String?
        /// The change itself.
        package var dynamodb: StreamRecord?

        /// Holds nothing yet.
        package init() {}
    }

    /// One change of one item.
    package struct StreamRecord: Sendable, Hashable {
        /// In seconds since 1970, rounded to the minute.
        package var ApproximateCreationDateTime: Double?
        /// The changed item's primary key.
        package var Keys: DynamoDB.Item?
        /// Nil after a removal.
        package var NewImage: DynamoDB.Item?
        /// Nil after an insertion.
        package var OldImage: DynamoDB.Item?
        /// Grows within the shard; up to 40 digits.
        package var SequenceNumber: String?

        /// Holds nothing yet.
        package init() {}
    }
}

extension DynamoDBStreams.GetRecords.Response: JSONReadable {
    init(reading cursor: inout JSONCursor) throws {
        try cursor.readObject { key, value in
            switch key {
            case "Records": Records = try value.optionalList()
            case "NextShardIterator": NextShardIterator = try value.optionalString()
            default: break
            }
        }
    }
}

extension DynamoDBStreams.Record: JSONReadable {
    init(reading cursor: inout JSONCursor) throws {
        try cursor.readObject { key, value in
            switch key {
            case "eventID": eventID = try value.optionalString()
            case "eventName": eventName = try value.optionalString()
            case "dynamodb": dynamodb = try value.optional()
            default: break
            }
        }
    }
}

extension DynamoDBStreams.StreamRecord: JSONReadable {
    init(reading cursor: inout JSONCursor) throws {
        try cursor.readObject { key, value in
            switch key {
            case "ApproximateCreationDateTime": ApproximateCreationDateTime = try value.optionalDouble()
            case "Keys": Keys = try value.optionalItem()
            case "NewImage": NewImage = try value.optionalItem()
            case "OldImage": OldImage = try value.optionalItem()
            case "SequenceNumber": SequenceNumber = try value.optionalString()
            default: break
            }
        }
    }
}
