import Domain
import JSON

/// Any JSON, to look at what was written.
indirect enum Value: Equatable {
    case object([String: Value])
    case array([Value])
    case string(String)
    case number(Double)
    case bool(Bool)
    case null

    init(reading cursor: inout JSONCursor) throws {
        switch try cursor.peek() {
        case .object:
            var members: [String: Value] = [:]
            try cursor.readObject { key, value in
                guard members.updateValue(try Value(reading: &value), forKey: key) == nil else { throw Twice(key: key) }
            }
            self = .object(members)
        case .array: self = .array(try cursor.readList { try Value(reading: &$0) })
        case .string: self = .string(try cursor.readString())
        case .number: self = .number(try cursor.readDouble())
        case .bool: self = .bool(try cursor.readBool())
        case .null: self = try cursor.readNull() ? .null : .null
        }
    }

    struct Twice: Error {
        var key: String
    }

    subscript(_ key: String) -> Value? { if case .object(let members) = self { members[key] } else { nil } }
    subscript(_ index: Int) -> Value? {
        if case .array(let list) = self, list.indices.contains(index) { list[index] } else { nil }
    }
    var text: String? { if case .string(let text) = self { text } else { nil } }
    var number: Double? { if case .number(let number) = self { number } else { nil } }
    var list: [Value] { if case .array(let list) = self { list } else { [] } }
    var keys: Set<String> { if case .object(let members) = self { Set(members.keys) } else { [] } }
}

/// Images and findings by short names.
enum NotificationSample {
    static let production = AccountID(rawValue: "111122223333")
    static let europe = Registry(account: production, region: RegionName(rawValue: "eu-west-1"))

    static func finding(_ id: String, _ severity: Severity = .high, package: String = "openssl") -> Finding {
        Finding(
            key: Finding.Key(vulnerability: id, package: package, version: "3.0"),
            severity: severity,
            fixedVersion: "3.1",
            score: 7.5
        )
    }

    static func image(
        _ digest: String,
        tags: [String],
        _ findings: [Finding] = [],
        coverage: Coverage = Coverage(.scanned, at: 0),
        repository: String = "team/app",
        in registry: Registry = europe
    ) -> ImageStatus {
        let place = ImageReference(
            repository: RepositoryReference(registry: registry, name: RepositoryName(rawValue: repository)),
            digest: ImageDigest(rawValue: "sha256:\(digest)")
        )
        return ImageStatus(
            image: Image(place: place, tags: tags, pushedAt: 86_400),
            coverage: coverage,
            counts: nil,
            findings: findings
        )
    }
}
