internal import Compression

/// Reads the lines of a gzip document, or of a piece of one, and decompresses them as they are requested.
struct LineReader<Reader: ReportReader> {
    private var reader: Reader
    private let decoder: GzipDecoder
    private let isPiece: Bool
    private let longestLine: Int
    /// Compressed bytes that were read and not decompressed yet.
    private var fetched: ArraySlice<UInt8> = []
    /// Decompressed bytes that were not returned yet; the last line may be incomplete.
    private var text: ArraySlice<UInt8> = []
    private var isAtEnd = false

    /// How many compressed bytes are decompressed at once.
    private static var step: Int { 1 << 14 }

    /// Reads a document, or if `isPiece` the output of a `PieceWriter`.
    ///
    /// A line longer than `longestLine` bytes is an error.
    init(_ reader: Reader, isPiece: Bool = false, longestLine: Int = 256 << 20) throws {
        self.reader = reader
        self.isPiece = isPiece
        self.longestLine = longestLine
        decoder = isPiece ? try .ofPiece() : try GzipDecoder()
    }

    /// The next line, without its end; nil after the last.
    mutating func next() async throws -> [UInt8]? {
        var searched = 0
        while true {
            if let end = text.dropFirst(searched).firstIndex(of: UInt8(ascii: "\n")) {
                defer { text = text[(end + 1)...] }
                return Array(text[..<end])
            }
            searched = text.count
            guard searched <= longestLine else { throw CompressionError.tooLarge(limit: longestLine) }
            if isAtEnd {
                defer { text = [] }
                return text.isEmpty ? nil : Array(text)
            }
            try await decodeMore()
        }
    }

    private mutating func decodeMore() async throws {
        if fetched.isEmpty {
            guard let more = try await reader.next() else {
                isAtEnd = true
                return isPiece ? () : try decoder.finish()
            }
            fetched = more[...]
        }
        let step = Array(fetched.prefix(Self.step))
        fetched = fetched.dropFirst(step.count)
        text = ArraySlice(Array(text) + (try decoder.append(step)))
    }
}
