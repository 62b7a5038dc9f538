// swift-format-ignore-file: AlwaysUseLowerCamelCase

extension DynamoDB {
    package struct TableDescription: Decodable, Sendable, Hashable {
        package var TableName: String?
        /// `CREATING`, `UPDATING`, `DELETING`, `ACTIVE` and rarer ones.
        package var TableStatus: String?
        package var AttributeDefinitions: [AttributeDefinition]?
        package var KeySchema: [KeySchemaElement]?
        /// Nil where the table has no stream.
        package var StreamSpecification: DynamoDB.StreamSpecification?
        /// The newest stream, which may be switched off by now.
        package var LatestStreamArn: String?
    }

    package struct AttributeDefinition: Codable, Sendable, Hashable {
        package var AttributeName: String
        /// `S`, `N` or `B`.
        package var AttributeType: String

        /// Defines a key attribute.
        package init(AttributeName: String, AttributeType: String) {
            self.AttributeName = AttributeName
            self.AttributeType = AttributeType
        }
    }

    package struct KeySchemaElement: Codable, Sendable, Hashable {
        package var AttributeName: String
        /// `HASH`, the partition key, or `RANGE`, the sort key.
        package var KeyType: String

        /// Gives an attribute its part in the key.
        package init(AttributeName: String, KeyType: String) {
            self.AttributeName = AttributeName
            self.KeyType = KeyType
        }
    }

    package struct StreamSpecification: Codable, Sendable, Hashable {
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
