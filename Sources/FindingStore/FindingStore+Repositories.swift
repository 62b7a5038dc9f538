internal import AWSServices
package import Domain

extension FindingStore {
    /// Writes what a job of `kind` observed of a repository if it differs from the stored status.
    ///
    /// The observations of the other kind stay. `token` fences the job against later jobs of its kind; it is nil for
    /// discovery, which has no lease.
    ///
    /// - Returns: `.stale` if a newer job of the same kind has written.
    /// - Throws: `StoreError.unprocessed` if other writers were faster in each of 20 attempts.
    @discardableResult
    package func record(
        _ observation: RepositoryObservation,
        of place: RepositoryReference,
        by kind: SweepKind,
        token: Int?
    ) async throws -> WriteOutcome {
        let key = Key.repository(place)
        for attempt in 1...20 {
            // Reading first is cheaper, because a write costs its capacity units even if its condition fails.
            let stored = try await client.get([key])[key]
            let reader = try stored.map(ItemReader.init)
            if let token, let newest = try reader?.optionalDouble(kind.tokenName), Int(newest) > token { return .stale }
            let known = try reader.map { try RepositoryStatus($0, in: place.registry) }
            var repository = known ?? RepositoryStatus(place: place)
            repository.take(observation, by: kind)
            var item = repository.item
            // The token differs in every sweep; writing it alone would make a stream record per repository and sweep.
            let content = try reader?.optionalString("content")
            if item["content"] == content.map(DynamoDB.AttributeValue.s) { return .unchanged }
            for kind in SweepKind.allCases { item[kind.tokenName] = stored?[kind.tokenName] }
            if let token { item[kind.tokenName] = .number(token) }
            if try await client.succeeds(replacing(content, by: item)) { return .written }
            try await client.sleep(.milliseconds(Int.random(in: 1...20) * attempt))
        }
        throw StoreError.unprocessed(1)
    }

    private func replacing(_ content: String?, by item: DynamoDB.Item) -> DynamoDB.PutItem {
        var put = DynamoDB.PutItem(TableName: table, Item: item, ConditionExpression: "attribute_not_exists(#content)")
        put.ExpressionAttributeNames = ["#content": "content"]
        if let content {
            put.ConditionExpression = "#content = :content"
            put.ExpressionAttributeValues = [":content": .s(content)]
        }
        return put
    }

    /// All repositories of a registry, sorted by name.
    package func repositories(in registry: Registry) async throws -> [RepositoryStatus] {
        try await items(in: Key.repositoryPartition(registry)) { try RepositoryStatus(ItemReader($0), in: registry) }
    }

    /// Removes a repository, but not its images.
    ///
    /// - Returns: `.stale` if a collect with a newer token has written the repository.
    @discardableResult
    package func remove(_ place: RepositoryReference, token: Int) async throws -> WriteOutcome {
        let delete = DynamoDB.DeleteItem(
            TableName: table,
            Key: Key.repository(place).item,
            ConditionExpression: "attribute_not_exists(#token) OR #token <= :token",
            ExpressionAttributeNames: ["#token": SweepKind.collect.tokenName],
            ExpressionAttributeValues: [":token": .number(token)]
        )
        return try await client.succeeds(delete) ? .written : .stale
    }
}

extension SweepKind {
    /// Each kind has its own token, because a scan and a collect of one repository may run at the same time.
    fileprivate var tokenName: String {
        switch self {
        case .collect: "token"
        case .scan: "scan_token"
        }
    }
}

extension RepositoryStatus {
    fileprivate init(_ reader: ItemReader, in registry: Registry) throws(StoreError) {
        self.init(
            place: RepositoryReference(registry: registry, name: RepositoryName(rawValue: reader.key.sort)),
            obstacle: try reader.optionalCoverage("obstacle"),
            scanObstacle: try reader.optionalCoverage("scan_obstacle"),
            imagesBeyondLimit: try reader.int("beyond"),
            imagesOutOfScope: try reader.int("out_of_scope")
        )
    }

    fileprivate var item: DynamoDB.Item {
        var item = Key.repository(place).item
        item["beyond"] = .number(imagesBeyondLimit)
        if imagesOutOfScope > 0 { item["out_of_scope"] = .number(imagesOutOfScope) }
        item["obstacle"] = obstacle.map(DynamoDB.AttributeValue.coverage)
        item["scan_obstacle"] = scanObstacle.map(DynamoDB.AttributeValue.coverage)
        item["content"] = .s(content)
        return item
    }

    /// The text that is compared to detect a change; it leaves out the times of obstacles.
    private var content: String {
        var words = ["\(imagesBeyondLimit) \(imagesOutOfScope)"]
        words += [obstacle?.state.rawValue ?? "", obstacle?.reason ?? ""]
        if let scanObstacle { words += ["scan", scanObstacle.state.rawValue, scanObstacle.reason ?? ""] }
        return words.joined(separator: " ")
    }
}
