internal import Compression
internal import Domain

/// One pass over the images of a registry: each goes to the registry's own file and to its part of the others.
struct RegistryBuilder {
    var region: RegionReport
    var part: RegistrySegment
    private var chunk: ChunkWriter?
    private var occurrences = Occurrences()
    private var changes = DayChanges()
    private let repositories: [RepositoryName: RepositoryStatus]
    /// Those that no image has been seen of yet.
    private var waiting: Set<RepositoryName>
    private let now: Double

    /// How many days a file tells the changes of; the history has them all.
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

    /// Whether the open run has room for what a small one after it holds.
    var hasRoom: Bool { chunk.map { !$0.isEnough } ?? false }

    /// Adds an image as the source gives it.
    mutating func add(_ image: SourceImage, known: PreviousImage?) throws {
        let ages = FindingAges(of: image.judged, after: known, now: now)
        changes.add(ages.changes)
        let name = image.place.repository.name
        try open(name)
        chunk?.add(image, ages, of: repositories[name])
        chunk?.flush(to: &region, &part)
    }

    /// Adds an image as the last report's `line` has it, which tells nothing new.
    mutating func add(_ image: SourceImage, line: ArraySlice<UInt8>) throws {
        let name = image.place.repository.name
        try open(name)
        chunk?.add(image, line: line, of: repositories[name])
        chunk?.flush(to: &region, &part)
    }

    /// Takes over what the last report's part tells of a run; its bytes of the registry's own file have been joined.
    mutating func add(_ kept: KeptChunk) throws {
        var note = kept.note
        note.region = region.endPiece(note.region.seal)
        for piece in kept.seed where note.seed.count > 0 { part.append(seed: piece) }
        for piece in kept.index { part.append(index: piece) }
        for rows in kept.rows { try occurrences.add(rows: rows, registry: nil) }
        part.end(note, rows: kept.rows)
        waiting.subtract(note.repositories)
    }

    /// Ends the open run: what comes next lies beyond its repositories.
    mutating func endChunk() throws {
        guard var ended = chunk else { return }
        chunk = nil
        try ended.finish(in: &region, &part)
        for (id, entry) in ended.occurrences.byID { occurrences.add(id, entry, registry: nil) }
    }

    /// Ends both files; `earlier` is what the last file counted by day, nil where there was none, so that nothing is known to
    /// be new.
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

/// What a part tells of one run of repositories.
struct KeptChunk {
    var note = ChunkManifest()
    var seed: [[UInt8]] = []
    var index: [[UInt8]] = []
    var rows: [[UInt8]] = []
}
