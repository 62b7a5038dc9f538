import Compression
import Testing

@Suite struct GzipTests {
    /// `printf 'hello hello hello\n' | gzip -n`, so that another's gzip is read too.
    private let fromGzip: [UInt8] = [
        0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x57,
        0xC8, 0x40, 0x90, 0x5C, 0x00, 0x3B, 0x7C, 0x8A, 0xDF, 0x12, 0x00, 0x00, 0x00,
    ]

    @Test func `Reads what gzip wrote`() throws {
        #expect(String(decoding: try Gzip.decompress(fromGzip, limit: 100), as: UTF8.self) == "hello hello hello\n")
    }

    @Test(arguments: [0, 1, 100, 16_384, 1_000_000], [0, 1, 6, 9]) func `Comes back the same`(
        _ count: Int,
        _ level: Int
    ) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 5) }
        let compressed = try Gzip.compress(bytes, level: level)
        #expect(compressed.starts(with: [0x1F, 0x8B]))
        #expect(try Gzip.decompress(compressed, limit: count) == bytes)
    }

    @Test func `Streams a document in pieces of any size`() throws {
        let encoder = try GzipEncoder(level: 1)
        var compressed: [UInt8] = []
        var whole: [UInt8] = []
        for size in [0, 1, 70_000, 3, 0, 200_000] {
            let piece = (0..<size).map { _ in UInt8.random(in: 0...255) }
            whole += piece
            compressed += encoder.append(piece)
        }
        compressed += encoder.finish()
        #expect(encoder.finish().isEmpty)
        #expect(try Gzip.decompress(compressed, limit: whole.count) == whole)
    }

    @Test func `Reads several members as one document`() throws {
        #expect(try Gzip.decompress(fromGzip + fromGzip, limit: 100).count == 36)
    }

    @Test func `Stops at the limit, exactly`() throws {
        let bomb = try Gzip.compress([UInt8](repeating: 0, count: 10_000_000))
        #expect(bomb.count < 20_000)
        #expect(throws: CompressionError.tooLarge(limit: 1000)) { try Gzip.decompress(bomb, limit: 1000) }
        #expect(throws: CompressionError.tooLarge(limit: 17)) { try Gzip.decompress(fromGzip, limit: 17) }
        #expect(try Gzip.decompress(fromGzip, limit: 18).count == 18)
        #expect(throws: CompressionError.tooLarge(limit: 0)) { try Gzip.decompress(fromGzip, limit: 0) }
    }

    @Test func `Tells a part from a whole`() {
        for count in 0..<fromGzip.count {
            #expect(throws: CompressionError.truncated) {
                try Gzip.decompress(Array(fromGzip.prefix(count)), limit: 100)
            }
        }
    }

    @Test func `Notices damage`() {
        for place in [0, 1, 2, 12, fromGzip.count - 8, fromGzip.count - 1] {
            var damaged = fromGzip
            damaged[place] ^= 0x55
            #expect(throws: CompressionError.malformed) { try Gzip.decompress(damaged, limit: 100) }
        }
        #expect(throws: CompressionError.malformed) { try Gzip.decompress(fromGzip + [1, 2, 3], limit: 100) }
        #expect(throws: CompressionError.malformed) { try Gzip.decompress(Array("not gzip at all".utf8), limit: 100) }
    }

    @Test(arguments: [-1, 10]) func `Refuses a level that zlib does not have`(_ level: Int) {
        #expect(throws: CompressionError.invalidLevel(level)) { try Gzip.compress([1], level: level) }
    }
}

/// Documents joined from pieces that were compressed before.
@Suite struct PieceTests {
    private func piece(_ text: String) throws -> (bytes: [UInt8], seal: StreamChecksum) {
        let encoder = try PieceEncoder()
        let bytes = encoder.append(Array(text.utf8)) + encoder.finish()
        return (bytes, encoder.seal)
    }

    @Test func `Joins pieces and own text to one document`() throws {
        // Each text repeats the one before, so that a reference across a border would show.
        let text = String(repeating: "one and the same text, ", count: 500)
        let piece = try piece(text)
        let encoder = try GzipEncoder()
        var document = encoder.append(Array(text.utf8))
        for _ in 0..<3 {
            let half = piece.bytes.count / 2
            document += encoder.join(Array(piece.bytes[..<half]))
            document += encoder.join(Array(piece.bytes[half...]))
            encoder.seal(piece.seal)
        }
        document += encoder.append(Array(text.utf8))
        document += encoder.finish()
        let whole = try Gzip.decompress(document, limit: 1 << 20)
        #expect(String(decoding: whole, as: UTF8.self) == String(repeating: text, count: 5))
    }

    @Test func `A document may begin and end with a piece, which may be empty`() throws {
        let encoder = try GzipEncoder()
        let (empty, full) = (try piece(""), try piece("text"))
        var document = encoder.join(empty.bytes)
        encoder.seal(empty.seal)
        document += encoder.join(full.bytes)
        encoder.seal(full.seal)
        document += encoder.finish()
        #expect(try Gzip.decompress(document, limit: 100) == Array("text".utf8))
    }

    @Test func `Reads a piece by itself, and knows what a document of two ends with`() throws {
        let (first, second) = (try piece("one and the same text"), try piece("and another"))
        let decoder = try GzipDecoder.ofPiece()
        #expect(try decoder.append(first.bytes) == Array("one and the same text".utf8))
        let encoder = try GzipEncoder()
        var document: [UInt8] = []
        var seal = StreamChecksum()
        for piece in [first, second] {
            document += encoder.join(piece.bytes)
            encoder.seal(piece.seal)
            seal.append(piece.seal)
        }
        document += encoder.finish()
        #expect(seal == encoder.seal)
        #expect(document.suffix(GzipEncoder.tailBytes) == seal.tail[...])
    }

    @Test(arguments: [1, 7, 1000, 1 << 20]) func `Reads a document that arrives in pieces`(_ size: Int) throws {
        let whole = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
        var rest = try Gzip.compress(whole)[...]
        let decoder = try GzipDecoder()
        var found: [UInt8] = []
        while !rest.isEmpty {
            found += try decoder.append(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        try decoder.finish()
        #expect(found == whole)
    }

    @Test func `Tells a document that ends too early, that is none, and that is too large`() throws {
        let compressed = try Gzip.compress([UInt8](repeating: 0, count: 1_000_000))
        let decoder = try GzipDecoder()
        _ = try decoder.append(Array(compressed.dropLast(3)))
        #expect(throws: CompressionError.truncated) { try decoder.finish() }
        #expect(throws: CompressionError.malformed) { try GzipDecoder().append([1, 2, 3, 4]) }
        #expect(throws: CompressionError.tooLarge(limit: 1000)) { try GzipDecoder().append(compressed, limit: 1000) }
    }
}
