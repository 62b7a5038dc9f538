internal import CivilTime
internal import Domain
internal import JSON

/// The last report's file of a registry, read side by side with the registry's images.
struct KnownRegistry<Reader: ReportReader> {
    private let registry: Registry
    private var lines: LineReader<Reader>?
    private var repository = RepositoryName(rawValue: "")
    private var next: KnownImage?
    /// Counts of the days before, which the file ends with.
    private(set) var changes: [String: DayChanges] = [:]
    /// Whether there is a file that this version can read; without one, nothing is known to be new.
    private(set) var isReadable: Bool

    init(_ registry: Registry, _ reader: Reader?) throws {
        self.registry = registry
        isReadable = reader != nil
        if let reader { lines = try LineReader(reader) }
    }

    /// What is known of an image; images must be asked for in the order of their keys.
    mutating func image(at place: ImagePlace) async throws -> KnownImage? {
        let key = place.sortKey
        while true {
            if next == nil { next = try await read() }
            guard let known = next, known.place.sortKey <= key else { return nil }
            next = nil
            if known.place.sortKey == key { return known }
        }
    }

    /// Reads what is left, for the counts at the end.
    mutating func finish() async throws {
        next = nil
        while try await read() != nil {}
    }

    private mutating func read() async throws -> KnownImage? {
        do {
            while let line = try await lines?.next() {
                if let image = try take(line) { return image }
            }
            return nil
        } catch let error where error is any Unreadable {
            isReadable = false
            lines = nil
            return nil
        }
    }

    /// A line is an image, the head of a repository, the counts at the end, or brackets.
    private mutating func take(_ line: [UInt8]) throws -> KnownImage? {
        let text = line.first == UInt8(ascii: ",") ? Array(line.dropFirst()) : line
        if text.starts(with: "{\"digest\"".utf8) { return try JSONCursor.parse(text) { try image(&$0) } }
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

    private func image(_ json: inout JSONCursor) throws -> KnownImage {
        var digest = ""
        var times: [Double] = []
        var rows: [(Finding, Int)] = []
        try json.readObject { key, value in
            switch key {
            case "digest": digest = try value.readString()
            case "times": times = try value.readList { try ReportTime(parsing: $0.readString()).seconds }
            case "findings", "last_known": rows += try value.readList { try Self.row(&$0) }
            default: break
            }
        }
        let place = ImagePlace(
            repository: RepositoryPlace(registry: registry, name: repository),
            digest: ImageDigest(rawValue: digest)
        )
        return KnownImage(
            place: place,
            findings: try rows.map { finding, seen in
                guard times.indices.contains(seen) else { throw UnknownWord(word: "seen") }
                return KnownImage.Aged(finding: finding, since: times[seen])
            }
        )
    }

    /// Of a row only what a comparison needs, and what is told of a lost image.
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

extension ImagePlace {
    /// What the store sorts images by.
    var sortKey: String { "\(repository.name)@\(digest)" }
}
