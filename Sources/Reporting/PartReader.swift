internal import Compression
internal import JSON

/// Reads the frames of a segment, one by one.
struct PartReader<Reader: ReportReader> {
    /// The content of a frame.
    enum Content {
        case legacy([UInt8])
        case index([UInt8])
        /// The rows of one run of repositories, which `Occurrences` reads.
        case rows([UInt8])
        case chunk(ChunkManifest)
        /// The rows of the whole registry, which `Occurrences` reads.
        case vulnerabilities([UInt8])
        case totals(RegistryTotals)
    }

    private let name: String
    private let skipped: Set<RegistrySegment.Frame>
    private var reader: Reader
    private var fetched: ArraySlice<UInt8> = []

    /// A limit far above any real frame, so that a damaged length cannot fill the memory.
    private static var largestFrame: Int { 64 << 20 }

    /// Checks that this version wrote the segment.
    ///
    /// - Throws: `ReportStorageError.unreadable` if another version did.
    init(_ reader: Reader, name: String, skipping skipped: Set<RegistrySegment.Frame>) async throws {
        self.reader = reader
        self.name = name
        self.skipped = skipped
        guard try await take(RegistrySegment.head.count) == RegistrySegment.head else { throw unreadable }
    }

    /// The next frame that is not skipped; the totals are the last.
    mutating func next() async throws -> Content {
        while true {
            let head = try await take(5)
            let length = head[1...].reversed().reduce(0) { $0 << 8 | Int($1) }
            guard let frame = RegistrySegment.Frame(rawValue: head[0]), length <= Self.largestFrame else {
                throw unreadable
            }
            let bytes = try await take(length)
            if skipped.contains(frame) { continue }
            do {
                return try content(of: frame, bytes)
            } catch is any Unreadable {
                throw unreadable
            }
        }
    }

    var unreadable: ReportStorageError { .unreadable(name) }

    private func content(of frame: RegistrySegment.Frame, _ bytes: [UInt8]) throws -> Content {
        switch frame {
        case .legacy, .seedComma: .legacy(bytes)
        case .index, .indexComma: .index(bytes)
        case .rows: .rows(bytes)
        case .chunk: .chunk(try ChunkManifest(bytes))
        case .vulnerabilities: .vulnerabilities(bytes)
        case .totals: .totals(try RegistryTotals(bytes))
        case .fingerprint: throw UnknownWord(word: "a fingerprint before the totals")
        }
    }

    private mutating func take(_ count: Int) async throws -> [UInt8] {
        while fetched.count < count {
            guard let more = try await reader.next() else { throw unreadable }
            fetched = fetched.isEmpty ? more[...] : fetched + more
        }
        defer { fetched = fetched.dropFirst(count) }
        return Array(fetched.prefix(count))
    }
}
