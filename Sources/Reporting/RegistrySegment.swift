internal import Compression
internal import Domain

/// One registry's share of the organization's files, kept beside the report under `parts/`.
///
/// A report joins the segments of all registries. Only changed registries get a new segment, and of these only the
/// changed runs of repositories are rebuilt. The pieces of `findings.json` and `index.json` are compressed already and
/// are copied unchanged.
///
/// A segment is a line with the version, then frames: a kind, a length of four bytes, and that many bytes.
struct RegistrySegment {
    enum Frame: UInt8 {
        /// The next bytes of the piece of `findings.json`.
        case legacy = 0x73
        /// A comma between two runs in `findings.json`, compressed.
        case seedComma = 0x53
        /// The next bytes of the piece of `index.json`.
        case index = 0x69
        /// A comma between two runs in `index.json`, compressed.
        case indexComma = 0x49
        /// The vulnerabilities of one run, as rows.
        case rows = 0x72
        /// The `ChunkManifest` of the run whose pieces and rows came before, as JSON.
        case chunk = 0x63
        /// The vulnerabilities of the registry, as rows.
        case vulnerabilities = 0x76
        /// The registry's `RegistryTotals`, as JSON: the last frame that a merge reads.
        case totals = 0x74
        /// The version and the fingerprint of the registry's contents; this frame is read from the file's end.
        case fingerprint = 0x66
    }

    static let head = Array("scanfleet part 2\n".utf8)
    /// The length of the fingerprint frame, the last one.
    static let endBytes = 5 + head.count + RegistryFingerprint().text.utf8.count

    private var totals = RegistryTotals()
    private var fingerprint = RegistryFingerprint()
    private var legacy: PieceChain
    private var index: PieceChain
    private var bytes = Self.head

    static func name(of registry: Registry) -> String { "\(prefix)\(registry)" }
    static let prefix = "parts/"

    init() throws {
        legacy = try PieceChain()
        index = try PieceChain()
    }

    /// Appends the next bytes of a run's piece of `findings.json`.
    mutating func append(legacy piece: [UInt8]) {
        guard !piece.isEmpty else { return }
        append(.seedComma, legacy.begin())
        append(.legacy, piece)
    }

    /// Appends the next bytes of a run's piece of `index.json`.
    mutating func append(index piece: [UInt8]) {
        guard !piece.isEmpty else { return }
        append(.indexComma, index.begin())
        append(.index, piece)
    }

    /// Ends a run with its rows and its manifest.
    mutating func end(_ note: ChunkManifest, rows: [[UInt8]]) {
        for frame in rows { append(.rows, frame) }
        append(.chunk, note.encoded)
        legacy.end(note.legacy)
        index.end(note.index)
        totals.tally.add(note.tally)
        totals.obstacles += note.obstacles
        fingerprint.add(note.fingerprint)
    }

    /// Adds the repositories that have no images, after the last run.
    mutating func append(empty repositories: [RepositoryStatus]) throws {
        var piece = try IndexPiece()
        for repository in repositories {
            piece.add(repository)
            fingerprint.add(repository)
        }
        append(index: piece.finish())
        index.end(piece.piece.seal)
        totals.obstacles += piece.obstacles
    }

    /// Ends the segment; `changes` are by UTC day, `region` is the checksum of the registry's own file.
    mutating func finish(_ occurrences: Occurrences, changes: [String: DayChanges], region: StreamChecksum) throws {
        for frame in try occurrences.rows() { append(.vulnerabilities, frame) }
        totals.changes = changes
        totals.legacy = legacy.seal
        totals.index = index.seal
        totals.region = region
        append(.totals, totals.encoded)
        append(.fingerprint, Self.head + Array(fingerprint.text.utf8))
    }

    /// Returns the bytes written so far and removes them from memory.
    mutating func drain() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }

    /// The fingerprint in the last bytes of a segment; nil if another version wrote it.
    static func fingerprint(inEnd bytes: [UInt8]) -> RegistryFingerprint? {
        let frame = bytes.suffix(endBytes)
        guard frame.first == Frame.fingerprint.rawValue, frame.dropFirst(5).starts(with: head) else { return nil }
        return RegistryFingerprint(String(decoding: frame.dropFirst(5 + head.count), as: UTF8.self))
    }

    private mutating func append(_ frame: Frame, _ content: [UInt8]) {
        guard !content.isEmpty else { return }
        bytes.append(frame.rawValue)
        for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: content.count >> shift)) }
        bytes += content
    }
}
