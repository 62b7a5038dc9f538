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
    mutating func member(_ key: String, _ value: String?) {
        self.key(key)
        if let value { string(value) } else { null() }
    }

    mutating func member(_ key: String, _ value: Int) {
        self.key(key)
        number(value)
    }

    mutating func member(_ key: String, _ value: Double?) {
        self.key(key)
        if let value { number(value) } else { null() }
    }

    mutating func member(_ key: String, _ value: Bool) {
        self.key(key)
        bool(value)
    }

    /// Writes a moment of seconds since 1970 as ISO 8601.
    mutating func member(_ key: String, time: Double?) {
        member(key, time.map { ReportTime(secondsSince1970: $0).iso8601 })
    }

    mutating func object(_ key: String, _ members: (inout JSONWriter) -> Void) {
        self.key(key)
        object(members)
    }

    mutating func object(_ members: (inout JSONWriter) -> Void) {
        beginObject()
        members(&self)
        endObject()
    }

    mutating func array<Elements: Sequence>(
        _ key: String,
        _ elements: Elements,
        _ element: (inout JSONWriter, Elements.Element) -> Void
    ) {
        self.key(key)
        beginArray()
        for value in elements { element(&self, value) }
        endArray()
    }
}
