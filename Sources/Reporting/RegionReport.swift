internal import Compression
internal import Domain
internal import JSON

/// `<account>/<region>.json`: every image of one registry, with its findings as rows in the order that `fields` names.
///
/// Each image has its own line, so that the next report can read this one as a stream and compare.
struct RegionReport {
    var document: DocumentWriter
    /// The position at which the open piece begins; nil between two pieces.
    private var start: Int?

    private static let fields = ["id", "severity", "package", "version", "fixed_version", "score", "seen"]

    static func name(of registry: Registry) -> String { "\(registry)\(suffix)" }
    static let suffix = ".json"

    init(_ registry: Registry, generatedAt: Double) throws {
        document = try DocumentWriter()
        document.json.beginObject()
        document.json.member("account", registry.account.rawValue)
        document.json.member("region", registry.region.rawValue)
        document.json.member("generated_at", time: generatedAt)
        document.json.array("fields", Self.fields) { $0.string($1) }
        document.json.key("repositories")
        document.json.beginArray()
        document.json.newline()
    }

    /// Copies the next bytes of some repositories; `endPiece` must follow the last of them.
    mutating func join(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        let isFirst = start == nil
        // An empty element writes the comma that separates the pieces, if one is due.
        if isFirst { document.json.encoded([]) }
        document.join(bytes)
        if isFirst { start = document.position - bytes.count }
    }

    /// Ends the joined piece and returns its position.
    mutating func endPiece(_ seal: StreamChecksum) -> ChunkManifest.Extent {
        let offset = start ?? document.position
        start = nil
        document.seal(seal)
        return ChunkManifest.Extent(offset: offset, length: document.position - offset, seal: seal)
    }

    /// Ends the file; `changes` are by UTC day.
    mutating func finish(changes: [String: DayChanges]) {
        document.json.endArray()
        document.json.object("changes") { json in
            for (day, counts) in changes.sorted(by: { $0.key < $1.key }) { json.object(day) { counts.write(to: &$0) } }
        }
        document.json.endObject()
        document.json.newline()
        document.finish()
    }
}

/// Some of a registry's repositories in its own file.
struct RegionPiece {
    var piece: PieceWriter
    private var repository: RepositoryName?

    init() throws { piece = try PieceWriter() }

    mutating func add(_ judged: ImageStatus, _ ages: FindingAges) {
        begin(judged.image.place.repository.name)
        let times = Array(Set(ages.since + ages.lastKnown.map(\.since))).sorted()
        let index = Dictionary(uniqueKeysWithValues: zip(times, times.indices))
        piece.json.object { json in
            json.member("digest", judged.image.place.digest.rawValue)
            json.array("tags", judged.image.tags) { $0.string($1) }
            json.member("pushed_at", time: judged.image.pushedAt)
            json.object("coverage") { judged.coverage.write(to: &$0) }
            json.array("times", times) { $0.string(ReportTime(secondsSince1970: $1).iso8601) }
            json.array("findings", zip(judged.findings, ages.since)) { $1.0.write(to: &$0, seen: index[$1.1] ?? 0) }
            guard !ages.lastKnown.isEmpty else { return }
            json.array("last_known", ages.lastKnown) { $1.finding.write(to: &$0, seen: index[$1.since] ?? 0) }
        }
        piece.json.newline()
    }

    /// Adds an image by its line of the previous report, without the comma.
    mutating func add(_ line: ArraySlice<UInt8>, of name: RepositoryName) {
        begin(name)
        piece.json.encoded(line)
        piece.json.newline()
    }

    mutating func finish() -> [UInt8] {
        endRepository()
        return piece.finish()
    }

    private mutating func begin(_ name: RepositoryName) {
        guard name != repository else { return }
        endRepository()
        repository = name
        piece.json.beginObject()
        piece.json.member("name", name.rawValue)
        piece.json.key("images")
        piece.json.beginArray()
        piece.json.newline()
    }

    private mutating func endRepository() {
        guard repository != nil else { return }
        repository = nil
        piece.json.endArray()
        piece.json.endObject()
        piece.json.newline()
    }
}

extension Finding {
    fileprivate func write(to json: inout JSONWriter, seen: Int) {
        json.beginArray()
        json.string(key.vulnerability)
        json.string(severity.rawValue)
        json.string(key.package)
        json.string(key.version)
        if let fixedVersion { json.string(fixedVersion) } else { json.null() }
        if let score { json.number(score) } else { json.null() }
        json.number(seen)
        json.endArray()
    }
}
