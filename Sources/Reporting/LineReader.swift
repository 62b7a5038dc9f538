internal import Compression

/// The lines of a gzip document, decompressed as they are asked for.
struct LineReader<Reader: ReportReader> {
    private var reader: Reader
    private let decoder: GzipDecoder
    /// Compressed bytes that were fetched.
    private var fetched: ArraySlice<UInt8> = []
    /// Decompressed bytes that make no whole line yet, or that were not asked for.
    private var text: ArraySlice<UInt8> = []
    private var isAtEnd = false

    /// How much is decompressed at once.
    private static var step: Int { 1 << 14 }

    init(_ reader: Reader) throws {
        self.reader = reader
        decoder = try GzipDecoder()
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
                return try decoder.finish()
            }
            fetched = more[...]
        }
        let step = Array(fetched.prefix(Self.step))
        fetched = fetched.dropFirst(step.count)
        text = ArraySlice(Array(text) + (try decoder.append(step)))
    }
}
