internal import AWSCore
internal import AWSServices

/// What the fleet has to know of its table.
package struct TableDescription: Hashable, Sendable {
    package var status: String
    /// The stream that tells of changes now.
    package var streamARN: String
}

extension FindingStore {
    /// Makes the table, paid per request and with its stream, unless it is there, and waits until it can be used.
    ///
    /// - Throws: `StoreError.unusableTable` where it does not become active within about five minutes, or is another
    ///   program's.
    package func createTable() async throws {
        let create = DynamoDB.CreateTable(
            TableName: table,
            AttributeDefinitions: Self.keySchema.map { .init(AttributeName: $0.AttributeName, AttributeType: "S") },
            KeySchema: Self.keySchema,
            StreamSpecification: .init(StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES")
        )
        do {
            _ = try await client.send(create)
        } catch let error as AWSServiceError where error.code == .resourceInUse {
            // It is there already, or another run makes it at this moment.
        }
        for _ in 1...150 {
            if try await describe()?.TableStatus == "ACTIVE" {
                _ = try await verifyTable()
                try await writeSchemaVersion()
                return
            }
            try await client.sleep(.seconds(2))
        }
        throw StoreError.unusableTable("the table \(table) did not become active in five minutes: look at it in AWS")
    }

    /// Makes sure that the table is the fleet's, is active and has its stream.
    ///
    /// - Throws: `StoreError.unusableTable`, or the service's `ResourceNotFoundException` where there is no such table.
    package func verifyTable() async throws -> TableDescription {
        let answer = try await client.send(DynamoDB.DescribeTable(TableName: table)).Table
        guard let description = answer, description.KeySchema == Self.keySchema else {
            throw StoreError.unusableTable("the table \(table) is not the fleet's: its keys are not PK and SK")
        }
        let status = description.TableStatus ?? "unknown"
        guard status == "ACTIVE" || status == "UPDATING" else {
            throw StoreError.unusableTable("the table \(table) cannot be used now: its status is \(status)")
        }
        guard description.StreamSpecification?.StreamEnabled == true, let stream = description.LatestStreamArn else {
            throw StoreError.unusableTable(
                "the table \(table) has no stream: switch it on, with the view type NEW_AND_OLD_IMAGES"
            )
        }
        return TableDescription(status: status, streamARN: stream)
    }

    private static let keySchema: [DynamoDB.KeySchemaElement] = [
        .init(AttributeName: Key.partitionName, KeyType: "HASH"), .init(AttributeName: Key.sortName, KeyType: "RANGE"),
    ]

    private func describe() async throws -> DynamoDB.TableDescription? {
        do {
            return try await client.send(DynamoDB.DescribeTable(TableName: table)).Table
        } catch let error as AWSServiceError where error.code == .resourceNotFound {
            return nil  // Shortly after CreateTable, DynamoDB may not know the table yet.
        }
    }
}
