internal import AWSServices
package import Domain

extension FindingStore {
    /// Writes a registry on behalf of the leader with this fence; 0 is older than every leader.
    ///
    /// Writing the same content again makes no stream record.
    @discardableResult
    package func put(_ registry: RegistryStatus, fence: Int = 0) async throws -> WriteOutcome {
        var item = Key.registry(registry.registry).item
        item["obstacle"] = registry.obstacle.map(DynamoDB.AttributeValue.coverage)
        item["scan_type"] = registry.scanType.map(DynamoDB.AttributeValue.s)
        return try await put(item, fence: fence)
    }

    /// All registries of all accounts, sorted by account, then by region.
    package func registries() async throws -> [RegistryStatus] {
        try await items(in: Key.registries) { item in
            let reader = try ItemReader(item)
            let names = reader.key.sort.split(separator: "/").map(String.init)
            guard names.count == 2 else { throw reader.malformed(Key.sortName) }
            return RegistryStatus(
                registry: Registry(account: AccountID(rawValue: names[0]), region: RegionName(rawValue: names[1])),
                obstacle: try reader.optionalCoverage("obstacle"),
                scanType: try reader.optionalString("scan_type")
            )
        }
    }

    /// Writes an account on behalf of the leader with this fence; 0 is older than every leader.
    ///
    /// Writing the same content again makes no stream record.
    @discardableResult
    package func put(_ account: AccountStatus, fence: Int = 0) async throws -> WriteOutcome {
        var item = Key.account(account.account.id).item
        item["name"] = .s(account.account.name)
        item["state"] = .s(account.account.state.rawValue)
        item["unit"] = account.account.organizationalUnit.map(DynamoDB.AttributeValue.s)
        item["obstacle"] = account.obstacle.map(DynamoDB.AttributeValue.coverage)
        return try await put(item, fence: fence)
    }

    /// All accounts, sorted by id.
    package func accounts() async throws -> [AccountStatus] {
        try await items(in: Key.accounts) { item in
            let reader = try ItemReader(item)
            let account = Account(
                id: AccountID(rawValue: reader.key.sort),
                name: try reader.string("name"),
                state: Account.State(rawValue: try reader.string("state")),
                organizationalUnit: try reader.optionalString("unit")
            )
            return AccountStatus(account: account, obstacle: try reader.optionalCoverage("obstacle"))
        }
    }
}
