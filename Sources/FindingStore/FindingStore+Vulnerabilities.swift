internal import AWSServices
package import Domain
internal import Synchronization

extension FindingStore {
    /// Writes the vulnerabilities that the table does not have yet; a stored one is never changed.
    package func record(_ vulnerabilities: [Vulnerability]) async throws {
        let byID = Dictionary(vulnerabilities.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let candidates = known.unknown(among: byID.keys)
        guard !candidates.isEmpty else { return }
        // Reading first is cheaper, because a write costs its capacity units even if it changes nothing.
        let present = try await client.get(candidates.map(Key.vulnerability), keysOnly: true)
        let missing = candidates.filter { present[.vulnerability($0)] == nil }.compactMap { byID[$0] }
        // Unconditional writes go 25 at a time; a worker that was faster has written the same.
        try await client.write(missing.map { .put(item(of: $0)) })
        known.remember(candidates)
    }

    /// Reads one vulnerability; nil if it is not stored.
    package func vulnerability(_ id: String) async throws -> Vulnerability? {
        try await client.get(Key.vulnerability(id)).map { try Self.vulnerability($0, id: id) }
    }

    /// Reads these vulnerabilities, in no particular order; those that are not stored are absent.
    package func vulnerabilities(_ ids: [String]) async throws -> [Vulnerability] {
        let items = try await client.get(ids.map(Key.vulnerability))
        return try Set(ids).compactMap { id in
            try items[.vulnerability(id)].map { try Self.vulnerability($0, id: id) }
        }
    }

    private func item(of vulnerability: Vulnerability) -> DynamoDB.Item {
        var item = Key.vulnerability(vulnerability.id).item
        item["severity"] = .s(vulnerability.severity.rawValue)
        item["title"] = vulnerability.title.map(DynamoDB.AttributeValue.s)
        item["description"] = vulnerability.description.map(DynamoDB.AttributeValue.s)
        item["link"] = vulnerability.link.map(DynamoDB.AttributeValue.s)
        item["attributes"] = .strings(vulnerability.attributes.flatMap { [$0.key, $0.value] })
        item["seen"] = .number(vulnerability.firstSeen ?? now().rounded(.down))
        return item
    }

    private static func vulnerability(_ item: DynamoDB.Item, id: String) throws -> Vulnerability {
        let reader = try ItemReader(item)
        let texts = try reader.strings("attributes")
        guard texts.count.isMultiple(of: 2) else { throw reader.malformed("attributes") }
        return Vulnerability(
            id: id,
            severity: Severity(rawValue: try reader.string("severity")),
            title: try reader.optionalString("title"),
            description: try reader.optionalString("description"),
            link: try reader.optionalString("link"),
            attributes: stride(from: 0, to: texts.count, by: 2).map { .init(key: texts[$0], value: texts[$0 + 1]) },
            firstSeen: try reader.optionalDouble("seen")
        )
    }
}

/// A cache of ids that are certainly in the table; most findings of a sweep name the same few thousand.
final class KnownVulnerabilities: Sendable {
    private let ids: Mutex<Set<String>> = Mutex([])
    private let limit: Int

    init(limit: Int = 50_000) { self.limit = limit }

    func unknown(among candidates: some Sequence<String>) -> [String] {
        ids.withLock { ids in candidates.filter { !ids.contains($0) } }
    }

    /// Adds ids, and first empties the cache if they would exceed the limit; common ids soon return.
    func remember(_ found: [String]) {
        ids.withLock { ids in
            if ids.count + found.count > limit { ids = [] }
            ids.formUnion(found.prefix(limit))
        }
    }
}
