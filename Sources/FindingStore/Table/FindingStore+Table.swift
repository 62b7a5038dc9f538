internal import AWSCore
internal import AWSServices

/// The properties of the table that scanfleet needs.
package struct TableDescription: Hashable, Sendable {
    /// DynamoDB's `TableStatus`: `ACTIVE` or `UPDATING`.
    package var status: String
    /// ARN of the latest stream; it changes when the stream is disabled and enabled again.
    package var streamARN: String
}

extension FindingStore {
    /// Creates the table, on demand and with its stream, unless it exists, and waits until it is active.
    ///
    /// - Throws: `StoreError.unusableTable` if it does not become active within about five minutes, or if the existing
    ///   table belongs to another program.
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
            // The table exists already, or another run is creating it.
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

    /// Checks that the table has scanfleet's keys, can be used and has a stream.
    ///
    /// - Throws: `StoreError.unusableTable`, or the service's `ResourceNotFoundException` if there is no such table.
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
