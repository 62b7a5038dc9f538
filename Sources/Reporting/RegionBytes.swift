internal import Compression

/// The compressed bytes of a registry's own file, read once from beginning to end by all readers of its runs.
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

    /// Skips everything before `offset`.
    func skip(to offset: Int) async throws {
        guard offset >= position else { throw CompressionError.malformed }
        while position < offset { _ = try await next(atMost: offset - position) }
    }

    /// Skips to the gzip trailer, the last bytes of the file, and returns it.
    func tail() async throws -> [UInt8] {
        var tail = Array(fetched)
        fetched = []
        while let more = try await reader.next() { tail = (tail + more).suffix(GzipEncoder.tailBytes) }
        return tail.suffix(GzipEncoder.tailBytes)
    }
}

/// The bytes of one run within the file.
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
