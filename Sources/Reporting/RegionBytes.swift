internal import Compression

/// The compressed bytes of a registry's own file, from its beginning to its end, shared by those who read runs of it.
final class RegionBytes<Reader: ReportReader> {
    private var reader: Reader
    private var fetched: ArraySlice<UInt8> = []
    private var position = 0

    init(_ reader: Reader) { self.reader = reader }

    /// The next bytes, at least one.
    ///
    /// - Throws: `CompressionError.truncated` at the end.
    func next(atMost count: Int) async throws -> [UInt8] {
        if fetched.isEmpty {
            guard let more = try await reader.next() else { throw CompressionError.truncated }
            fetched = more[...]
        }
        let bytes = Array(fetched.prefix(count))
        fetched = fetched.dropFirst(bytes.count)
        position += bytes.count
        return bytes
    }

    /// Passes everything before `offset`.
    func skip(to offset: Int) async throws {
        guard offset >= position else { throw CompressionError.malformed }
        while position < offset { _ = try await next(atMost: offset - position) }
    }

    /// Passes everything but the last bytes, with which every gzip document ends.
    func tail() async throws -> [UInt8] {
        var tail = Array(fetched)
        fetched = []
        while let more = try await reader.next() { tail = (tail + more).suffix(GzipEncoder.tailBytes) }
        return tail.suffix(GzipEncoder.tailBytes)
    }
}

/// One run within the file.
struct RegionExtent<Reader: ReportReader>: ReportReader {
    let region: RegionBytes<Reader>
    /// How many bytes are left.
    var left: Int

    mutating func next() async throws -> [UInt8]? {
        guard left > 0 else { return nil }
        let bytes = try await region.next(atMost: left)
        left -= bytes.count
        return bytes
    }
}
