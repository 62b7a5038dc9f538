internal import Compression
internal import JSON

/// A JSON document that is compressed while it is written; only compressed bytes that were not drained stay in memory.
struct DocumentWriter {
    /// The JSON written since the last compression; `flush` compresses it once it has `flushBytes`.
    var json = JSONWriter()
    private let encoder: GzipEncoder
    private var compressed: [UInt8] = []
    private var drained = 0

    /// How many bytes of JSON are compressed at once; larger pieces would only cost memory.
    static let flushBytes = 1 << 16
    /// Level 6 is about twice as slow as 1 and saves a tenth; the report is read more often than written.
    static let level = 6

    init() throws { encoder = try GzipEncoder(level: Self.level) }

    /// How many compressed bytes there are so far, including those already drained.
    var position: Int { drained + compressed.count }
    /// The checksum of the whole document, once it is finished.
    var seal: StreamChecksum { encoder.seal }

    /// Compresses the buffered JSON once it has `flushBytes`.
    mutating func flush() {
        if json.bytes.count >= Self.flushBytes { compress() }
    }

    /// Copies bytes that a `PieceWriter` compressed; `seal` must follow the last of them.
    mutating func join(_ piece: [UInt8]) {
        compress()
        compressed += encoder.join(piece)
    }

    /// Ends a joined piece.
    mutating func seal(_ seal: StreamChecksum) { encoder.seal(seal) }

    mutating func finish() {
        compress()
        compressed += encoder.finish()
    }

    /// Returns the compressed bytes and removes them from memory.
    mutating func drain() -> [UInt8] {
        defer {
            drained += compressed.count
            compressed = []
        }
        return compressed
    }

    private mutating func compress() {
        if !json.bytes.isEmpty { compressed += encoder.append(json.drain()) }
    }
}

/// A piece of later documents, compressed while it is written.
struct PieceWriter {
    /// Elements of an array with the commas between them; the document writes the brackets.
    var json = JSONWriter()
    private let encoder: PieceEncoder

    init() throws { encoder = try PieceEncoder(level: DocumentWriter.level) }

    var seal: StreamChecksum { encoder.seal }
    /// How many bytes it holds so far, uncompressed.
    var count: Int { encoder.seal.count + json.bytes.count }

    /// Compresses the buffered JSON once it has `flushBytes`.
    mutating func flush() -> [UInt8] {
        json.bytes.count >= DocumentWriter.flushBytes ? encoder.append(json.drain()) : []
    }

    /// Returns the remaining bytes; none if the piece is empty.
    mutating func finish() -> [UInt8] { count == 0 ? [] : encoder.append(json.drain()) + encoder.finish() }
}

/// Pieces that follow each other in one array, and the commas between them.
struct PieceChain {
    /// The checksum of all pieces and commas so far.
    private(set) var seal = StreamChecksum()
    private var isWithin = false
    private let comma: (bytes: [UInt8], seal: StreamChecksum)

    init() throws {
        var writer = try PieceWriter()
        writer.json.encoded([])
        writer.json.encoded([])
        comma = (writer.finish(), writer.seal)
    }

    /// The compressed comma due before the next bytes of a piece, or nothing; those bytes must not be empty.
    mutating func begin() -> [UInt8] {
        if isWithin { return [] }
        isWithin = true
        guard seal.count > 0 else { return [] }
        seal.append(comma.seal)
        return comma.bytes
    }

    mutating func end(_ piece: StreamChecksum) {
        isWithin = false
        seal.append(piece)
    }
}

extension JSONWriter {
    /// Writes a time in seconds since 1970 as ISO 8601; nil as null.
    mutating func member(_ key: String, time: Double?) {
        member(key, time.map { ReportTime(secondsSince1970: $0).iso8601 })
    }
}
