internal import Domain
internal import JSON

/// The vulnerabilities of the previous report, read in step with the sorted ids of this one.
///
/// The store never changes a vulnerability once it is known, so only ids missing from the previous report are read from
/// the store.
struct KnownVulnerabilities<Reader: ReportReader> {
    private var lines: LineReader<Reader>?
    private var next: Vulnerability?

    /// A limit far above any real line, so that an older version's file, which has no lines, cannot fill the memory.
    private static var longestLine: Int { 16 << 20 }

    /// Reads `vulnerabilities.json` through `reader`; nil if there is no such file.
    init(_ reader: Reader?) throws {
        if let reader { lines = try LineReader(reader, longestLine: Self.longestLine) }
    }

    /// The vulnerabilities with these ids, which must be sorted and come after those of all earlier calls.
    mutating func find(_ ids: some Sequence<String>) async throws -> [String: Vulnerability] {
        var found: [String: Vulnerability] = [:]
        for id in ids {
            while let known = try await peek(), known.id <= id {
                if known.id == id { found[id] = known }
                next = nil
            }
        }
        return found
    }

    private mutating func peek() async throws -> Vulnerability? {
        if next == nil { next = try await read() }
        return next
    }

    private mutating func read() async throws -> Vulnerability? {
        do {
            while let line = try await lines?.next() {
                let text = line.first == UInt8(ascii: ",") ? line.dropFirst() : line[...]
                guard text.first == UInt8(ascii: "\"") else { continue }
                let known = try JSONCursor.parse(Array("{".utf8) + text + Array("}".utf8)) { try Self.member(&$0) }
                if let known { return known }
            }
        } catch is any Unreadable {
            lines = nil
        }
        return nil
    }

    /// The object's only member; nil if it has no details, because the store may have some by now.
    private static func member(_ json: inout JSONCursor) throws -> Vulnerability? {
        var known: Vulnerability?
        try json.readObject { id, value in
            var read = Vulnerability(id: id, severity: .undefined)
            try value.readObject { key, value in
                switch key {
                case "severity": read.severity = Severity(rawValue: try value.readString())
                case "title": read.title = try value.readOptional { try $0.readString() }
                case "description": read.description = try value.readOptional { try $0.readString() }
                case "link": read.link = try value.readOptional { try $0.readString() }
                case "attributes": read.attributes = try value.readList { try attribute(&$0) }
                case "first_seen":
                    read.firstSeen = try value.readOptional { try ReportTime(parsing: $0.readString()).seconds }
                default: break
                }
            }
            if read.title != nil || read.description != nil || read.link != nil || read.firstSeen != nil {
                known = read
            }
        }
        return known
    }

    private static func attribute(_ json: inout JSONCursor) throws -> Vulnerability.Attribute {
        let texts = try json.readList { try $0.readString() }
        guard texts.count == 2 else { throw UnknownWord(word: "an attribute of \(texts.count)") }
        return Vulnerability.Attribute(key: texts[0], value: texts[1])
    }
}
