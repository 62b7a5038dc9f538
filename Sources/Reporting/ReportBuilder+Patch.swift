internal import Compression
internal import Domain

extension ReportBuilder {
    /// Builds one registry's file and segment from the previous ones and the changed images; the store is read only for
    /// these.
    ///
    /// - Throws: an `Unreadable` error or `ReportStorageError.unreadable` if the previous files cannot be used; no file
    ///   is replaced then.
    func patch(_ registry: Registry, images: Set<ImageReference>, repositories: Set<RepositoryName>) async throws {
        let name = RegistrySegment.name(of: registry)
        guard let part = try await storage.read(name),
            let region = try await storage.read(RegionReport.name(of: registry))
        else { throw ReportStorageError.unreadable(name) }
        let parts = try await PartReader(part, name: name, skipping: [.seedComma, .indexComma, .vulnerabilities])
        var patch = RegistryPatch(
            registry: registry,
            parts: parts,
            region: RegionBytes(region),
            changed: ChangedImages(images, in: source),
            repositories: repositories,
            pass: try RegistryBuilder(registry, repositories: try await source.repositories(in: registry), now: now())
        )
        try await storage.writing(Self.files(of: registry)) { uploads in
            while try await patch.step() { try await move(&patch.pass, to: &uploads) }
            try await move(&patch.pass, to: &uploads)
        }
    }
}

/// Reads a registry's previous files in order: runs of repositories with a change are rebuilt, the others are copied.
struct RegistryPatch<Source: ReportSource, Reader: ReportReader> {
    let registry: Registry
    var parts: PartReader<Reader>
    let region: RegionBytes<Reader>
    var changed: ChangedImages<Source>
    /// The repositories whose own status changed.
    let repositories: Set<RepositoryName>
    var pass: RegistryBuilder

    /// Reads to the end of the next run.
    ///
    /// - Returns: false after the end of the segment.
    mutating func step() async throws -> Bool {
        var chunk = KeptChunk()
        while true {
            switch try await parts.next() {
            case .legacy(let bytes): chunk.legacy.append(bytes)
            case .index(let bytes): chunk.index.append(bytes)
            case .rows(let bytes): chunk.rows.append(bytes)
            case .vulnerabilities: break
            case .chunk(let note):
                chunk.note = note
                try await take(chunk)
                return true
            case .totals(let totals):
                try await end(totals)
                return false
            }
        }
    }

    private mutating func take(_ chunk: KeptChunk) async throws {
        let note = chunk.note
        guard let last = note.repositories.last else { throw parts.unreadable }
        let isSmall = pass.hasRoom && note.region.seal.count < ChunkWriter.enough
        if changed.isAny(upTo: last) || isSmall || !repositories.isDisjoint(with: note.repositories) {
            return try await rewrite(note, upTo: last)
        }
        try pass.endChunk()
        try await region.skip(to: note.region.offset)
        var left = note.region.length
        while left > 0 {
            let bytes = try await region.next(atMost: left)
            left -= bytes.count
            pass.region.join(bytes)
        }
        try pass.add(chunk)
    }

    /// Rebuilds a run image by image, from its lines and from the changed images up to its last repository.
    private mutating func rewrite(_ note: ChunkManifest, upTo last: RepositoryName) async throws {
        try await region.skip(to: note.region.offset)
        let bytes = RegionExtent(region: region, left: note.region.length)
        var lines = RegionLines(registry, try LineReader(bytes, isPiece: true))
        let fingerprints = note.imageFingerprints
        var number = 0
        while let (known, line) = try await lines.next() {
            guard fingerprints.indices.contains(number) else { throw parts.unreadable }
            let fingerprint = fingerprints[number]
            number += 1
            while let place = changed.next, place.sortKey < known.place.sortKey { try await addNew() }
            if changed.next == known.place {
                // Nil if the image is gone.
                if let image = try await changed.take() { try pass.add(image, known: known) }
            } else {
                try pass.add(SourceImage(known.judged, fingerprint: fingerprint), line: line)
            }
        }
        guard number == fingerprints.count else { throw parts.unreadable }
        while changed.isAny(upTo: last) { try await addNew() }
    }

    /// Adds the next changed image, which the previous file does not contain.
    private mutating func addNew() async throws {
        if let image = try await changed.take() { try pass.add(image, known: nil) }
    }

    private mutating func end(_ totals: RegistryTotals) async throws {
        while changed.next != nil { try await addNew() }
        guard try await region.tail() == totals.region.tail else { throw parts.unreadable }
        try pass.finish(earlier: totals.changes)
    }
}

/// The changed images in the order of their sort keys, read from the source in batches.
struct ChangedImages<Source: ReportSource> {
    private let source: Source
    private var places: ArraySlice<ImageReference>
    private var fetched: [ImageReference: SourceImage] = [:]
    /// How many of the next places were read from the source.
    private var asked = 0

    /// Half of DynamoDB's limit per request, because each image may have a thousand findings.
    private static var batch: Int { 50 }

    init(_ places: Set<ImageReference>, in source: Source) {
        self.source = source
        self.places = places.sorted { $0.sortKey < $1.sortKey }[...]
    }

    var next: ImageReference? { places.first }

    /// Whether a changed image is left in this repository or an earlier one.
    func isAny(upTo repository: RepositoryName) -> Bool {
        next.map { $0.repository.name.sortPrefix <= repository.sortPrefix } ?? false
    }

    /// Removes and returns the next image; nil if it is no longer stored.
    mutating func take() async throws -> SourceImage? {
        if asked == 0 {
            let batch = Array(places.prefix(Self.batch))
            let images = try await source.images(at: batch)
            fetched = Dictionary(images.map { ($0.place, $0) }, uniquingKeysWith: { first, _ in first })
            asked = batch.count
        }
        asked -= 1
        guard let place = places.popFirst() else { return nil }
        return fetched.removeValue(forKey: place)
    }
}
