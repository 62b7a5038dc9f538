// swift-format-ignore-file: AlwaysUseLowerCamelCase

internal import AWSCore

extension DynamoDB {
    /// Makes a table; `ResourceInUseException` where it is there already.
    ///
    /// It can be used once its status is `ACTIVE`.
    package struct CreateTable: DynamoDBOperation, Encodable {
        /// The table, by name; an ARN works as well.
        package var TableName: String
        /// Of the key attributes alone.
        package var AttributeDefinitions: [AttributeDefinition]
        /// The partition key, then the sort key.
        package var KeySchema: [KeySchemaElement]
        /// `PAY_PER_REQUEST` or `PROVISIONED`.
        package var BillingMode: String
        /// The stream of changes; nil means none.
        package var StreamSpecification: DynamoDB.StreamSpecification?

        /// Asks for a table; it is paid per request unless `BillingMode` says otherwise.
        package init(
            TableName: String,
            AttributeDefinitions: [AttributeDefinition],
            KeySchema: [KeySchemaElement],
            BillingMode: String = "PAY_PER_REQUEST",
            StreamSpecification: DynamoDB.StreamSpecification? = nil
        ) {
            self.TableName = TableName
            self.AttributeDefinitions = AttributeDefinitions
            self.KeySchema = KeySchema
            self.BillingMode = BillingMode
            self.StreamSpecification = StreamSpecification
        }

        package struct Response: Decodable, Sendable, Hashable {
            /// The table as it begins, in state `CREATING`.
            package var TableDescription: DynamoDB.TableDescription?
        }
    }
}
