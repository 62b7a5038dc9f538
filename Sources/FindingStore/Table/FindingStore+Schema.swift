internal import AWSServices

extension FindingStore {
    /// Version of the item layout that this program reads and writes; the table's schema item holds the table's version.
    package static let schemaVersion = 1

    /// Writes the schema version into a new table; in an old table, checks it.
    ///
    /// - Throws: `StoreError.unusableTable` if the table has another version.
    package func writeSchemaVersion() async throws {
        var item = Key.schema.item
        item["version"] = .number(Self.schemaVersion)
        let put = DynamoDB.PutItem(
            TableName: table,
            Item: item,
            ConditionExpression: "attribute_not_exists(#pk)",
            ExpressionAttributeNames: ["#pk": Key.partitionName]
        )
        // An existing version is compared and never replaced: a later program has to know which layout it finds.
        if try await client.succeeds(put) { return }
        _ = try await verifySchema()
    }

    /// Checks that the table's schema version is this program's, and returns it.
    ///
    /// - Throws: `StoreError.unusableTable`, whose text says which command to run or what to update.
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
