internal import Compression
internal import Domain
internal import JSON

/// What one registry adds to the files of the whole organization, kept beside the report.
///
/// A report joins the parts of all registries; only those of registries that changed are made anew. The pieces of
/// `findings.json` and `index.json` are compressed already and are copied as they are.
///
/// A part is a line that names the version, then frames of a kind, a length of four bytes and that many bytes.
struct RegistryPart {
    enum Frame: UInt8 {
        /// The fingerprint of what the part was made from; the first frame.
        case fingerprint = 0x66
        /// The next bytes of the piece of `findings.json`.
        case seed = 0x73
        /// The next bytes of the piece of `index.json`.
        case index = 0x69
        /// Rows of vulnerabilities, as compressed JSON.
        case vulnerabilities = 0x76
        /// The registry's numbers, as JSON; the last frame.
        case totals = 0x74
    }

    static let head = Array("scanfleet part 1\n".utf8)
    private static let rowsPerFrame = 500

    private(set) var totals = RegistryTotals()
    private var seed: SeedPiece
    private var index: IndexPiece
    private var occurrences = Occurrences()
    private var bytes = Self.head

    static func name(of registry: Registry) -> String { "\(prefix)\(registry.account)/\(registry.region)" }
    static let prefix = "parts/"

    init(repositories: [JudgedRepository], fingerprint: String) throws {
        seed = try SeedPiece()
        index = try IndexPiece(repositories: repositories)
        append(.fingerprint, Array(fingerprint.utf8))
    }

    mutating func add(_ image: JudgedImage) {
        totals.tally.add(image)
        index.add(image)
        append(.index, index.piece.flush())
        guard image.coverage.isJudged else { return }
        let ids = occurrences.add(image, entries: SeedPiece.tags(of: image.image).count)
        seed.add(image.image, vulnerabilities: ids)
        append(.seed, seed.piece.flush())
    }

    /// Ends the part; `changes` are by UTC day.
    mutating func finish(changes: [String: DayChanges]) throws {
        append(.seed, seed.finish())
        append(.index, index.finish())
        let rows = occurrences.byID.sorted { $0.key < $1.key }
        for start in stride(from: 0, to: rows.count, by: Self.rowsPerFrame) {
            let frame = rows[start..<min(start + Self.rowsPerFrame, rows.count)]
            append(.vulnerabilities, try Self.encoded(frame))
        }
        totals.changes = changes
        totals.obstacles = index.obstacles
        totals.seed = seed.piece.seal
        totals.index = index.piece.seal
        append(.totals, totals.encoded)
    }

    /// Hands over what is written so far.
    mutating func drain() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }

    private mutating func append(_ frame: Frame, _ content: [UInt8]) {
        guard !content.isEmpty else { return }
        bytes.append(frame.rawValue)
        for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: content.count >> shift)) }
        bytes += content
    }

    private static func encoded(_ rows: some Sequence<(key: String, value: Occurrences.Entry)>) throws -> [UInt8] {
        var json = JSONWriter()
        json.beginArray()
        for (id, entry) in rows { entry.write(to: &json, id: id) }
        json.endArray()
        return try Gzip.compress(json.drain(), level: 1)
    }
}

extension Occurrences.Entry {
    fileprivate func write(to json: inout JSONWriter, id: String) {
        json.beginArray()
        json.string(id)
        json.string(worst.rawValue)
        for number in [entries, images, fixable] { json.number(number) }
        if let score { json.number(score) } else { json.null() }
        for name in packages { json.string(name) }
        json.endArray()
    }

    /// Reads a row; its id comes beside it.
    static func row(_ json: inout JSONCursor) throws -> (id: String, entry: Self) {
        var id = ""
        var entry = Self(worst: .undefined)
        var column = 0
        try json.readArray { cell in
            switch column {
            case 0: id = try cell.readString()
            case 1: entry.worst = Severity(rawValue: try cell.readString())
            case 2: entry.entries = try cell.readInt()
            case 3: entry.images = try cell.readInt()
            case 4: entry.fixable = try cell.readInt()
            case 5: entry.score = try cell.readOptional { try $0.readDouble() }
            default: entry.add(package: try cell.readString())
            }
            column += 1
        }
        return (id, entry)
    }
}
