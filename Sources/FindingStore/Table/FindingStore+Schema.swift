internal import AWSServices

extension FindingStore {
    /// The layout of the items that this program reads and writes; a number in the table says which one is there.
    package static let schemaVersion = 1

    /// Writes the version into a new table.
    ///
    /// - Throws: `StoreError.unusableTable` where another version is there.
    package func writeSchemaVersion() async throws {
        var item = Key.schema.item
        item["version"] = .number(Self.schemaVersion)
        let put = DynamoDB.PutItem(
            TableName: table,
            Item: item,
            ConditionExpression: "attribute_not_exists(#pk)",
            ExpressionAttributeNames: ["#pk": Key.partitionName]
        )
        // One that is there is compared, never replaced: a later version would not know what it finds.
        if try await client.succeeds(put) { return }
        _ = try await verifySchema()
    }

    /// Makes sure that the table's items are laid out as this program does it.
    ///
    /// - Throws: `StoreError.unusableTable`, saying what to run.
    @discardableResult
    package func verifySchema() async throws -> Int {
        let versions = try await items(in: Key.schema.partition) { try ItemReader($0).int("version") }
        guard let found = versions.first else {
            throw StoreError.unusableTable("the table \(table) has no schema version yet: run scanfleet init")
        }
        if found > Self.schemaVersion {
            throw StoreError.unusableTable(
                "the table \(table) has schema version \(found) and this program knows \(Self.schemaVersion): update it"
            )
        }
        if found < Self.schemaVersion {
            throw StoreError.unusableTable(
                "the table \(table) has schema version \(found), this program needs \(Self.schemaVersion): "
                    + "run scanfleet init of this version"
            )
        }
        return found
    }
}
