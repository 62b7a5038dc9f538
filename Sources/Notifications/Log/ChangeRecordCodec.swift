internal import AWSServices
internal import Compression
internal import Domain
internal import FindingStore
internal import JSON

/// Encodes change records as items: repository and time as attributes, the change as compressed JSON.
enum ChangeRecordCodec {
    /// In bytes: an item may have 400 KB, and a larger change becomes several records of the same image.
    private static let largestContent = 300_000
    private static let largestJSON = 64 << 20

    /// The items of a change record, each with an id of its own.
    static func items(of note: ChangeRecord, _ nextID: () -> String) throws -> [DynamoDB.WriteRequest] {
        let content = try Gzip.compress(json(of: note.image))
        if content.count > largestContent, let (first, second) = note.image.halves {
            return try [first, second].flatMap { image in
                try items(of: ChangeRecord(at: note.at, repository: note.repository, image: image), nextID)
            }
        }
        var item = Key.note(nextID()).item
        item["at"] = .number(note.at)
        item["registry"] = .s(note.repository.registry.description)
        item["repository"] = .s(note.repository.name.rawValue)
        item["news"] = .b(content)
        return [.put(item)]
    }

    static func note(_ item: DynamoDB.Item) throws -> ChangeRecord {
        let reader = try ItemReader(item)
        let names = try reader.string("registry").split(separator: "/").map(String.init)
        guard names.count == 2 else { throw reader.malformed("registry") }
        let registry = Registry(account: AccountID(rawValue: names[0]), region: RegionName(rawValue: names[1]))
        let content = try Gzip.decompress(try reader.bytes("news"), limit: largestJSON)
        return ChangeRecord(
            id: reader.key.sort,
            at: try reader.optionalDouble("at") ?? 0,
            repository: RepositoryReference(
                registry: registry,
                name: RepositoryName(rawValue: try reader.string("repository"))
            ),
            image: try JSONCursor.parse(content) { try image(&$0) }
        )
    }

    // MARK: JSON

    private static func json(of image: ImageChange) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("digest", image.digest.rawValue)
            json.array("tags", image.tags) { $0.string($1) }
            json.member("revision", image.writeToken)
            json.member("occasion", image.cause.word)
            if let coverage = image.cause.coverage {
                json.object("coverage") { json in
                    json.member("state", coverage.state.rawValue)
                    json.member("reason", coverage.reason)
                    json.member("at", coverage.at)
                }
            }
            json.object("standing") { json in
                for (severity, count) in image.openFindings { json.member(severity.rawValue, count) }
            }
            for kind in FindingChange.Kind.allCases {
                json.key(kind.rawValue)
                FindingCodec.write(image.changes.filter { $0.kind == kind }.map(\.finding), to: &json)
            }
            json.array("severities_before", image.changes.compactMap(\.severityBefore)) { $0.string($1.rawValue) }
        }
        return json.drain()
    }

    private static func image(_ json: inout JSONCursor) throws -> ImageChange {
        var image = ImageChange(digest: ImageDigest(rawValue: ""), tags: [], writeToken: 0, cause: .changed)
        var rows: [FindingChange.Kind: [Finding]] = [:]
        var (cause, coverage, before) = ("", Coverage?.none, [Severity]())
        try json.readObject { key, value in
            switch key {
            case "digest": image.digest = ImageDigest(rawValue: try value.readString())
            case "tags": image.tags = try value.readList { try $0.readString() }
            case "revision": image.writeToken = try value.readInt()
            case "occasion": cause = try value.readString()
            case "coverage": coverage = try Self.coverage(&value)
            case "standing":
                try value.readObject { image.openFindings[Severity(rawValue: $0)] = try $1.readInt() }
            case "severities_before": before = try value.readList { Severity(rawValue: try $0.readString()) }
            default:
                guard let kind = FindingChange.Kind(rawValue: key) else { return try value.skip() }
                rows[kind] = try FindingCodec.read(&value)
            }
        }
        guard let found = ImageChange.Cause(word: cause, coverage: coverage) else { throw json.missing("occasion") }
        image.cause = found
        image.changes = FindingChange.Kind.allCases.flatMap { kind in changes(kind, rows[kind] ?? [], before) }
        return image
    }

    private static func changes(
        _ kind: FindingChange.Kind,
        _ findings: [Finding],
        _ before: [Severity]
    )
        -> [FindingChange]
    {
        switch kind {
        case .opened: findings.map(FindingChange.opened)
        case .resolved: findings.map(FindingChange.resolved)
        case .fixBecameAvailable: findings.map(FindingChange.fixBecameAvailable)
        case .severityChanged: zip(findings, before).map { .severityChanged($0, from: $1) }
        }
    }

    private static func coverage(_ json: inout JSONCursor) throws -> Coverage {
        var (state, reason, at) = ("", String?.none, Double?.none)
        try json.readObject { key, value in
            switch key {
            case "state": state = try value.readString()
            case "reason": reason = try value.readOptional { try $0.readString() }
            case "at": at = try value.readOptional { try $0.readDouble() }
            default: try value.skip()
            }
        }
        guard let known = Coverage.State(rawValue: state) else { throw json.missing("a coverage state") }
        return Coverage(known, reason: reason, at: at)
    }
}

extension FindingChange {
    fileprivate var severityBefore: Severity? {
        if case .severityChanged(_, let before) = self { before } else { nil }
    }
}

extension ImageChange {
    /// The change divided in two; nil where it has only one finding change.
    fileprivate var halves: (ImageChange, ImageChange)? {
        guard changes.count > 1 else { return nil }
        var (first, second) = (self, self)
        first.changes = Array(changes[..<(changes.count / 2)])
        second.changes = Array(changes[(changes.count / 2)...])
        return (first, second)
    }
}
