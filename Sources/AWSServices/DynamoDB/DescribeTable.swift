// swift-format-ignore-file: AlwaysUseLowerCamelCase

internal import AWSCore

extension DynamoDB {
    /// Tells a table's state; `ResourceNotFoundException` where it is not there.
    package struct DescribeTable: DynamoDBOperation, Encodable {
        /// The table, by name; an ARN works as well.
        package var TableName: String

        /// Asks about a table.
        package init(TableName: String) { self.TableName = TableName }

        package struct Response: Decodable, Sendable, Hashable {
            /// The table as it is now.
            package var Table: TableDescription?
        }
    }
}
