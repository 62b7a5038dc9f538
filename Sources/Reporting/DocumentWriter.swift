internal import Compression
internal import JSON

/// A JSON document that is compressed while it is written: only compressed bytes that were not fetched stay in memory.
struct DocumentWriter {
    /// What is written next; everything beyond `flushBytes` is compressed by the next `flush`.
    var json = JSONWriter()
    private let encoder: GzipEncoder
    private var compressed: [UInt8] = []
    private var drained = 0

    /// How much JSON may gather before it is compressed; larger pieces would only cost memory.
    static let flushBytes = 1 << 16
    /// Level 6 is about twice as slow as 1 and saves a tenth; the report is read more often than written.
    static let level = 6

    init() throws { encoder = try GzipEncoder(level: Self.level) }

    /// How many compressed bytes there are so far, those that were handed over too.
    var position: Int { drained + compressed.count }
    /// Of all that the document holds, once it is finished.
    var seal: StreamChecksum { encoder.seal }

    /// Compresses what has gathered, if that is enough to be worth it.
    mutating func flush() {
        if json.bytes.count >= Self.flushBytes { compress() }
    }

    /// Takes over bytes that a `PieceWriter` compressed; `seal` must follow the last of them.
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

    /// Hands over what is compressed.
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

/// A stretch of later documents, compressed while it is written.
struct PieceWriter {
    /// Elements of an array: the commas between them are written, its brackets are the document's.
    var json = JSONWriter()
    private let encoder: PieceEncoder

    init() throws { encoder = try PieceEncoder(level: DocumentWriter.level) }

    var seal: StreamChecksum { encoder.seal }
    /// How many bytes it holds so far, uncompressed.
    var count: Int { encoder.seal.count + json.bytes.count }

    /// Compresses what has gathered, if that is enough to be worth it.
    mutating func flush() -> [UInt8] {
        json.bytes.count >= DocumentWriter.flushBytes ? encoder.append(json.drain()) : []
    }

    /// Gives the rest; nothing where it holds nothing.
    mutating func finish() -> [UInt8] { count == 0 ? [] : encoder.append(json.drain()) + encoder.finish() }
}

/// Pieces that follow each other in one array, with the commas between them.
struct PieceChain {
    /// Of everything so far.
    private(set) var seal = StreamChecksum()
    private var isWithin = false
    private let comma: (bytes: [UInt8], seal: StreamChecksum)

    init() throws {
        var writer = try PieceWriter()
        writer.json.encoded([])
        writer.json.encoded([])
        comma = (writer.finish(), writer.seal)
    }

    /// What stands before the next bytes, which are some, of a piece.
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
    /// Writes a moment of seconds since 1970 as ISO 8601.
    mutating func member(_ key: String, time: Double?) {
        member(key, time.map { ReportTime(secondsSince1970: $0).iso8601 })
    }
}
