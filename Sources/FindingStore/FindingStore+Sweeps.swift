internal import AWSServices
package import Domain

extension FindingStore {
    /// Writes a sweep's record on behalf of the leader with this fence; 0 is older than every leader.
    @discardableResult
    package func put(_ record: SweepRecord, fence: Int = 0) async throws -> WriteOutcome {
        var item = Key.sweep(record.id).item
        item["accounts"] = .number(record.accounts)
        item["registries"] = .number(record.registries)
        item["repositories"] = .number(record.repositories)
        item["refused"] = .number(record.refusedPlaces)
        if let completeness = record.completeness {
            item["verdict"] = .s(completeness.verdict.rawValue)
            item["images"] = .number(completeness.images)
            item["gaps"] = .number(completeness.gaps)
            item["refused_repositories"] = .number(completeness.refusedRepositories)
            let states = completeness.states.map { ($0.key.rawValue, DynamoDB.AttributeValue.number($0.value)) }
            item["states"] = .m(Dictionary(uniqueKeysWithValues: states))
        }
        return try await put(item, fence: fence)
    }

    /// The records of these sweeps; sweeps without a record are absent.
    package func sweeps(_ ids: [SweepID]) async throws -> [SweepID: SweepRecord] {
        let items = try await client.get(ids.map(Key.sweep))
        return Dictionary(uniqueKeysWithValues: try items.values.map(Self.record).map { ($0.id, $0) })
    }

    private static func record(_ item: DynamoDB.Item) throws -> SweepRecord {
        let reader = try ItemReader(item)
        var record = SweepRecord(
            id: SweepID(rawValue: reader.key.sort),
            accounts: try reader.int("accounts"),
            registries: try reader.int("registries"),
            repositories: try reader.int("repositories"),
            refusedPlaces: try reader.int("refused")
        )
        guard let verdict = try reader.optionalString("verdict") else { return record }
        guard let verdict = SweepCompleteness.Verdict(rawValue: verdict) else { throw reader.malformed("verdict") }
        var states: [Coverage.State: Int] = [:]
        for (word, value) in try reader.map("states") ?? [:] {
            guard let state = Coverage.State(rawValue: word), case .n(let digits) = value else {
                throw reader.malformed("states")
            }
            states[state] = Int(digits)
        }
        record.completeness = SweepCompleteness(
            verdict: verdict,
            images: try reader.int("images"),
            states: states,
            gaps: try reader.int("gaps"),
            refusedPlaces: record.refusedPlaces,
            refusedRepositories: try reader.int("refused_repositories")
        )
        return record
    }
}
