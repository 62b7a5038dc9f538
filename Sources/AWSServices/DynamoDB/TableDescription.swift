// swift-format-ignore-file: AlwaysUseLowerCamelCase

extension DynamoDB {
    /// A table's keys, stream and state.
    package struct TableDescription: Decodable, Sendable, Hashable {
        /// The table's name, without its region.
        package var TableName: String?
        /// `CREATING`, `UPDATING`, `DELETING`, `ACTIVE` and rarer ones.
        package var TableStatus: String?
        /// The types of all key attributes.
        package var AttributeDefinitions: [AttributeDefinition]?
        /// Partition key first, then the sort key.
        package var KeySchema: [KeySchemaElement]?
        /// Nil where the table has no stream.
        package var StreamSpecification: DynamoDB.StreamSpecification?
        /// The newest stream, which may be switched off by now.
        package var LatestStreamArn: String?
    }

    /// The type of a key attribute.
    package struct AttributeDefinition: Codable, Sendable, Hashable {
        /// The attribute that is part of a key.
        package var AttributeName: String
        /// `S`, `N` or `B`.
        package var AttributeType: String

        /// Defines a key attribute.
        package init(AttributeName: String, AttributeType: String) {
            self.AttributeName = AttributeName
            self.AttributeType = AttributeType
        }
    }

    /// One attribute of a key and its role.
    package struct KeySchemaElement: Codable, Sendable, Hashable {
        /// The attribute that is part of a key.
        package var AttributeName: String
        /// `HASH`, the partition key, or `RANGE`, the sort key.
        package var KeyType: String

        /// Gives an attribute its part in the key.
        package init(AttributeName: String, KeyType: String) {
            self.AttributeName = AttributeName
            self.KeyType = KeyType
        }
    }

    /// Whether a table writes a stream, and what its records hold.
    package struct StreamSpecification: Codable, Sendable, Hashable {
        /// False stops the stream; what it holds is kept for 24 hours.
        package var StreamEnabled: Bool
        /// `NEW_AND_OLD_IMAGES`, `NEW_IMAGE`, `OLD_IMAGE` or `KEYS_ONLY`.
        package var StreamViewType: String?

        /// Switches a table's stream on or off.
        package init(StreamEnabled: Bool, StreamViewType: String? = nil) {
            self.StreamEnabled = StreamEnabled
            self.StreamViewType = StreamViewType
        }
    }
}
