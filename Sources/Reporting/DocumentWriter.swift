internal import Compression
internal import JSON

/// A JSON document that is compressed while it is written: only the compressed bytes stay in memory.
struct DocumentWriter {
    /// What is written next; everything beyond `flushBytes` is compressed by the next `flush`.
    var json = JSONWriter()
    private let name: String
    private let encoder: GzipEncoder
    private var compressed: [UInt8] = []
    private var uncompressedBytes = 0

    /// How much JSON may gather before it is compressed; larger pieces would only cost memory.
    private static let flushBytes = 1 << 16

    init(name: String) throws {
        self.name = name
        // Level 6 is about twice as slow as 1 and saves a tenth; the report is read more often than written.
        encoder = try GzipEncoder(level: 6)
    }

    /// Compresses what has gathered, if that is enough to be worth it.
    mutating func flush() {
        if json.bytes.count >= Self.flushBytes { compress() }
    }

    mutating func finish() -> ReportDocument {
        compress()
        compressed += encoder.finish()
        return ReportDocument(name: name, body: compressed, uncompressedBytes: uncompressedBytes)
    }

    private mutating func compress() {
        let piece = json.drain()
        uncompressedBytes += piece.count
        compressed += encoder.append(piece)
    }
}

extension JSONWriter {
    /// Writes a moment of seconds since 1970 as ISO 8601.
    mutating func member(_ key: String, time: Double?) {
        member(key, time.map { ReportTime(secondsSince1970: $0).iso8601 })
    }
}
