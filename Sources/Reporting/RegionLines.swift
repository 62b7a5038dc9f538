internal import Domain
internal import JSON
internal import Support

/// Reads the images from the lines of a registry's file, or of a run of its repositories.
struct RegionLines<Reader: ReportReader> {
    private let registry: Registry
    private var lines: LineReader<Reader>
    private var repository = RepositoryName(rawValue: "")
    /// The changes by UTC day, which the file ends with.
    private(set) var changes: [String: DayChanges] = [:]

    init(_ registry: Registry, _ lines: LineReader<Reader>) {
        self.registry = registry
        self.lines = lines
    }

    /// The next image and its line without the comma; nil after the last.
    ///
    /// - Throws: an `Unreadable` error if this version did not write the file.
    mutating func next() async throws -> (image: PreviousImage, line: ArraySlice<UInt8>)? {
        while let line = try await lines.next() {
            let text = line.first == UInt8(ascii: ",") ? line.dropFirst() : line[...]
            if let image = try take(text) { return (image, text) }
        }
        return nil
    }

    /// Parses a line: an image, the start of a repository, the changes at the end, or brackets.
    private mutating func take(_ text: ArraySlice<UInt8>) throws -> PreviousImage? {
        if text.starts(with: "{\"digest\"".utf8) { return try JSONCursor.parse(Array(text)) { try image(&$0) } }
        if text.starts(with: "{\"name\"".utf8) {
            try JSONCursor.parse(text + Array("]}".utf8)) { json in
                try json.readObject { key, value in
                    if key == "name" { repository = RepositoryName(rawValue: try value.readString()) }
                }
            }
        }
        if text.starts(with: "],\"changes\"".utf8) {
            try JSONCursor.parse(Array("{".utf8) + text.dropFirst(2)) { json in
                try json.readObject { key, value in
                    if key == "changes" { changes = try DayChanges.byDay(from: &value) }
                }
            }
        }
        return nil
    }

    private func image(_ json: inout JSONCursor) throws -> PreviousImage {
        var (digest, tags): (String, [String]) = ("", [])
        var pushedAt: Double?
        var coverage: Coverage?
        var times: [Double] = []
        var rows: [(Finding, Int)] = []
        try json.readObject { key, value in
            switch key {
            case "digest": digest = try value.readString()
            case "tags": tags = try value.readList { try $0.readString() }
            case "pushed_at": pushedAt = try value.readOptional { try ReportTime(parsing: $0.readString()).seconds }
            case "coverage": coverage = try Coverage(reading: &value)
            case "times": times = try value.readList { try ReportTime(parsing: $0.readString()).seconds }
            case "findings", "last_known": rows += try value.readList { try Self.row(&$0) }
            default: break
            }
        }
        let place = ImageReference(
            repository: RepositoryReference(registry: registry, name: repository),
            digest: ImageDigest(rawValue: digest)
        )
        guard let coverage else { throw UnknownWord(word: "an image without coverage") }
        return PreviousImage(
            image: Image(place: place, tags: tags, pushedAt: pushedAt),
            coverage: coverage,
            findings: try rows.map { finding, seen in
                guard times.indices.contains(seen) else { throw UnknownWord(word: "seen") }
                return PreviousImage.Aged(finding: finding, since: times[seen])
            }
        )
    }

    private static func row(_ json: inout JSONCursor) throws -> (Finding, Int) {
        var texts: [String] = []
        var fixed: String?
        var score: Double?
        var seen = 0
        var column = 0
        try json.readArray { cell in
            switch column {
            case 0..<4: texts.append(try cell.readString())
            case 4: fixed = try cell.readOptional { try $0.readString() }
            case 5: score = try cell.readOptional { try $0.readDouble() }
            default: seen = try cell.readInt()
            }
            column += 1
        }
        guard column == 7 else { throw UnknownWord(word: "a row of \(column) columns") }
        let key = Finding.Key(vulnerability: texts[0], package: texts[2], version: texts[3])
        let severity = Severity(rawValue: texts[1])
        return (Finding(key: key, severity: severity, fixedVersion: fixed, score: score), seen)
    }
}

extension ImageReference {
    /// The key by which the store sorts images.
    var sortKey: String { repository.name.sortPrefix + digest.rawValue }
}

extension RepositoryName {
    /// The prefix of the sort keys of the repository's images; no ECR name contains an `@`.
    var sortPrefix: String { "\(rawValue)@" }
}
