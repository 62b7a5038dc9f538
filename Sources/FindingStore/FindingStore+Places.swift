internal import AWSServices
package import Domain

extension FindingStore {
    /// Writes a repository where it differs from what is stored.
    ///
    /// - Returns: `.unchanged` also where a newer token holds it: neither asks the caller to do anything.
    @discardableResult
    package func put(_ repository: JudgedRepository, token: Int) async throws -> WriteOutcome {
        var item = Key.repository(repository.place).item
        item["token"] = .number(token)
        item["beyond"] = .number(repository.imagesBeyondLimit)
        if repository.imagesOutOfScope > 0 { item["out_of_scope"] = .number(repository.imagesOutOfScope) }
        item["obstacle"] = repository.obstacle.map(DynamoDB.AttributeValue.coverage)
        let content = [
            "\(repository.imagesBeyondLimit) \(repository.imagesOutOfScope)", repository.obstacle?.state.rawValue ?? "",
            repository.obstacle?.reason ?? "",
        ].joined(separator: " ")
        item["content"] = .s(content)
        // Asking first is cheaper: a write whose condition fails costs its units all the same.
        let stored = try await client.get([Key.repository(repository.place)])[Key.repository(repository.place)]
        if try stored.map(ItemReader.init)?.optionalString("content") == content { return .unchanged }
        // The token alone differs with every sweep; writing it would make a stream record per repository and sweep.
        let put = DynamoDB.PutItem(
            TableName: table,
            Item: item,
            ConditionExpression: "attribute_not_exists(#pk) OR (#token <= :token AND #content <> :content)",
            ExpressionAttributeNames: Self.tokenNames.merging(["#content": "content"]) { first, _ in first },
            ExpressionAttributeValues: [":token": .number(token), ":content": .s(content)]
        )
        return try await client.succeeds(put) ? .written : .unchanged
    }

    /// All repositories of a registry, sorted by name.
    package func repositories(in registry: Registry) async throws -> [JudgedRepository] {
        try await items(in: Key.repositoryPartition(registry)) { item in
            let reader = try ItemReader(item)
            return JudgedRepository(
                place: RepositoryPlace(registry: registry, name: RepositoryName(rawValue: reader.key.sort)),
                obstacle: try reader.optionalCoverage("obstacle"),
                imagesBeyondLimit: try reader.int("beyond"),
                imagesOutOfScope: try reader.int("out_of_scope")
            )
        }
    }

    /// Removes a repository, not its images.
    ///
    /// - Returns: `.stale` where a run with a newer token has written it.
    @discardableResult
    package func remove(_ place: RepositoryPlace, token: Int) async throws -> WriteOutcome {
        try await delete(Key.repository(place), token: token) ? .written : .stale
    }

    /// Writes a registry on behalf of a leader, 0 being older than any; the same content again makes no stream record.
    @discardableResult
    package func put(_ registry: JudgedRegistry, fence: Int = 0) async throws -> WriteOutcome {
        var item = Key.registry(registry.registry).item
        item["obstacle"] = registry.obstacle.map(DynamoDB.AttributeValue.coverage)
        item["scan_type"] = registry.scanType.map(DynamoDB.AttributeValue.s)
        return try await put(item, fence: fence)
    }

    /// All registries of all accounts, sorted.
    package func registries() async throws -> [JudgedRegistry] {
        try await items(in: Key.registries) { item in
            let reader = try ItemReader(item)
            let names = reader.key.sort.split(separator: "/").map(String.init)
            guard names.count == 2 else { throw reader.malformed(Key.sortName) }
            return JudgedRegistry(
                registry: Registry(account: AccountID(rawValue: names[0]), region: RegionName(rawValue: names[1])),
                obstacle: try reader.optionalCoverage("obstacle"),
                scanType: try reader.optionalString("scan_type")
            )
        }
    }

    /// Writes an account on behalf of a leader, 0 being older than any; the same content again makes no stream record.
    @discardableResult
    package func put(_ account: JudgedAccount, fence: Int = 0) async throws -> WriteOutcome {
        var item = Key.account(account.account.id).item
        item["name"] = .s(account.account.name)
        item["state"] = .s(account.account.state.rawValue)
        item["unit"] = account.account.organizationalUnit.map(DynamoDB.AttributeValue.s)
        item["obstacle"] = account.obstacle.map(DynamoDB.AttributeValue.coverage)
        return try await put(item, fence: fence)
    }

    /// All accounts, sorted by id.
    package func accounts() async throws -> [JudgedAccount] {
        try await items(in: Key.accounts) { item in
            let reader = try ItemReader(item)
            let account = Account(
                id: AccountID(rawValue: reader.key.sort),
                name: try reader.string("name"),
                state: Account.State(rawValue: try reader.string("state")),
                organizationalUnit: try reader.optionalString("unit")
            )
            return JudgedAccount(account: account, obstacle: try reader.optionalCoverage("obstacle"))
        }
    }
}
