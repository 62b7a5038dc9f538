internal import Compression
internal import Domain

/// Builds a registry's own file and its segment in one pass over its images.
struct RegistryBuilder {
    var region: RegionReport
    var part: RegistrySegment
    private var chunk: ChunkWriter?
    private var occurrences = Occurrences()
    private var changes = DayChanges()
    private let repositories: [RepositoryName: RepositoryStatus]
    /// The repositories that no image was added for yet.
    private var waiting: Set<RepositoryName>
    private let now: Double

    /// How many days of changes a file keeps; the history keeps more.
    private static let daysKept = 8

    init(_ registry: Registry, repositories: [RepositoryStatus], now: Double) throws {
        region = try RegionReport(registry, generatedAt: now)
        part = try RegistrySegment()
        self.repositories = Dictionary(
            repositories.map { ($0.place.name, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        waiting = Set(self.repositories.keys)
        self.now = now
    }

    /// Whether a run is open and small enough to take in the repositories of a small run that follows.
    var hasRoom: Bool { chunk.map { !$0.isEnough } ?? false }

    /// Adds an image from the source.
    mutating func add(_ image: SourceImage, known: PreviousImage?) throws {
        let ages = FindingAges(of: image.judged, after: known, now: now)
        changes.add(ages.changes)
        let name = image.place.repository.name
        try open(name)
        chunk?.add(image, ages, of: repositories[name])
        chunk?.flush(to: &region, &part)
    }

    /// Adds an unchanged image by its `line` of the previous report.
    mutating func add(_ image: SourceImage, line: ArraySlice<UInt8>) throws {
        let name = image.place.repository.name
        try open(name)
        chunk?.add(image, line: line, of: repositories[name])
        chunk?.flush(to: &region, &part)
    }

    /// Copies a run from the previous report's segment; the caller has joined its bytes of the registry's own file.
    mutating func add(_ kept: KeptChunk) throws {
        var note = kept.note
        note.region = region.endPiece(note.region.seal)
        for piece in kept.legacy where note.legacy.count > 0 { part.append(legacy: piece) }
        for piece in kept.index { part.append(index: piece) }
        for rows in kept.rows { try occurrences.add(rows: rows, registry: nil) }
        part.end(note, rows: kept.rows)
        waiting.subtract(note.repositories)
    }

    /// Ends the open run; the next image or run belongs to other repositories.
    mutating func endChunk() throws {
        guard var ended = chunk else { return }
        chunk = nil
        try ended.finish(in: &region, &part)
        for (id, entry) in ended.occurrences.byID { occurrences.add(id, entry, registry: nil) }
    }

    /// Ends both files; `earlier` holds the previous file's changes by UTC day.
    ///
    /// `earlier` is nil if there was no previous file: then no finding counts as newly opened.
    mutating func finish(earlier: [String: DayChanges]?) throws {
        try endChunk()
        try part.append(empty: waiting.sorted().compactMap { repositories[$0] })
        var days = earlier ?? [:]
        if earlier != nil && changes != DayChanges() {
            days[ReportTime(secondsSince1970: now).day, default: DayChanges()].add(changes)
        }
        let kept = days.sorted { $0.key < $1.key }.suffix(Self.daysKept)
        let latest = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
        region.finish(changes: latest)
        try part.finish(occurrences, changes: latest, region: region.document.seal)
    }

    private mutating func open(_ name: RepositoryName) throws {
        if let chunk, chunk.isEnough, chunk.repository != name { try endChunk() }
        if chunk == nil { chunk = try ChunkWriter() }
        waiting.remove(name)
    }
}

/// The frames of one run of repositories in a segment.
struct KeptChunk {
    var note = ChunkManifest()
    var legacy: [[UInt8]] = []
    var index: [[UInt8]] = []
    var rows: [[UInt8]] = []
}
