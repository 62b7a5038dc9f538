internal import Compression
internal import JSON

/// The frames of a part, one by one.
struct PartReader<Reader: ReportReader> {
    /// What a frame holds.
    enum Content {
        case fingerprint(String)
        case seed([UInt8])
        case index([UInt8])
        case vulnerabilities([(id: String, entry: Occurrences.Entry)])
        case totals(RegistryTotals)
    }

    private let name: String
    private var reader: Reader
    private var fetched: ArraySlice<UInt8> = []

    /// No frame comes near; a damaged length cannot fill the memory.
    private static var largestFrame: Int { 64 << 20 }

    /// Checks that the part is this version's.
    init(_ reader: Reader, name: String) async throws {
        self.reader = reader
        self.name = name
        guard try await take(RegistryPart.head.count) == RegistryPart.head else { throw unreadable }
    }

    /// The next frame; the totals are the last.
    mutating func next() async throws -> Content {
        let head = try await take(5)
        let length = head[1...].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard let frame = RegistryPart.Frame(rawValue: head[0]), length <= Self.largestFrame else { throw unreadable }
        let bytes = try await take(length)
        do {
            return try content(of: frame, bytes)
        } catch is any Unreadable {
            throw unreadable
        }
    }

    private func content(of frame: RegistryPart.Frame, _ bytes: [UInt8]) throws -> Content {
        switch frame {
        case .fingerprint: return .fingerprint(String(decoding: bytes, as: UTF8.self))
        case .seed: return .seed(bytes)
        case .index: return .index(bytes)
        case .vulnerabilities:
            let json = try Gzip.decompress(bytes, limit: Self.largestFrame)
            return .vulnerabilities(
                try JSONCursor.parse(json) { try $0.readList { try Occurrences.Entry.row(&$0) } }
            )
        case .totals: return .totals(try RegistryTotals(bytes))
        }
    }

    private var unreadable: ReportStorageError { .unreadable(name) }

    private mutating func take(_ count: Int) async throws -> [UInt8] {
        while fetched.count < count {
            guard let more = try await reader.next() else { throw unreadable }
            fetched = fetched.isEmpty ? more[...] : fetched + more
        }
        defer { fetched = fetched.dropFirst(count) }
        return Array(fetched.prefix(count))
    }
}
