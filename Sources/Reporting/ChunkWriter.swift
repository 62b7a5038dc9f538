internal import Compression
internal import Domain

/// Writes a run of a registry's repositories.
///
/// Each file's piece of the run is compressed by itself, so that a later report copies it if nothing in the run
/// changed.
struct ChunkWriter {
    private(set) var note = ChunkManifest()
    private(set) var occurrences = Occurrences()
    private var region: RegionPiece
    private var legacy: LegacyReportPiece
    private var index: IndexPiece

    /// The uncompressed size at which a run ends with its current repository.
    ///
    /// It is twice what zlib looks back on, so that larger runs hardly compress better.
    static let enough = 1 << 16

    init() throws {
        region = try RegionPiece()
        legacy = try LegacyReportPiece()
        index = try IndexPiece()
    }

    var isEnough: Bool { region.piece.count >= Self.enough }
    var repository: RepositoryName? { note.repositories.last }

    /// Adds an image; `known` is the stored status of its repository.
    mutating func add(_ image: SourceImage, _ ages: FindingAges, of known: RepositoryStatus?) {
        region.add(image.judged, ages)
        count(image, of: known)
    }

    /// Adds an image by copying its line of the previous report.
    mutating func add(_ image: SourceImage, line: ArraySlice<UInt8>, of known: RepositoryStatus?) {
        region.add(line, of: image.place.repository.name)
        count(image, of: known)
    }

    private mutating func count(_ image: SourceImage, of known: RepositoryStatus?) {
        note.add(image, of: known)
        index.add(image.judged, of: known)
        guard image.judged.coverage.isJudged else { return }
        let ids = occurrences.add(image.judged, entries: LegacyReportPiece.tags(of: image.judged.image).count)
        legacy.add(image.judged.image, vulnerabilities: ids)
    }

    /// Moves the bytes compressed so far to both files.
    mutating func flush(to region: inout RegionReport, _ part: inout RegistrySegment) {
        region.join(self.region.piece.flush())
        part.append(legacy: legacy.piece.flush())
        part.append(index: index.piece.flush())
    }

    /// Ends the run in both files.
    mutating func finish(in region: inout RegionReport, _ part: inout RegistrySegment) throws {
        region.join(self.region.finish())
        part.append(legacy: legacy.finish())
        part.append(index: index.finish())
        note.region = region.endPiece(self.region.piece.seal)
        note.legacy = legacy.piece.seal
        note.index = index.piece.seal
        note.obstacles = index.obstacles
        part.end(note, rows: try occurrences.rows())
    }
}
