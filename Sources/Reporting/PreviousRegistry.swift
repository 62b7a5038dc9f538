internal import Domain

/// The last report's file of a registry, read side by side with the registry's images.
struct PreviousRegistry<Reader: ReportReader> {
    private var lines: RegionLines<Reader>?
    private var next: PreviousImage?
    /// Whether there is a file that this version can read; without one, nothing is known to be new.
    private(set) var isReadable: Bool

    init(_ registry: Registry, _ reader: Reader?) throws {
        isReadable = reader != nil
        if let reader { lines = RegionLines(registry, try LineReader(reader)) }
    }

    /// Counts of the days before, which the file ends with.
    var changes: [String: DayChanges] { lines?.changes ?? [:] }

    /// What is known of an image; images must be asked for in the order of their keys.
    mutating func image(at place: ImageReference) async throws -> PreviousImage? {
        let key = place.sortKey
        while true {
            if next == nil { next = try await read() }
            guard let known = next, known.place.sortKey <= key else { return nil }
            next = nil
            if known.place.sortKey == key { return known }
        }
    }

    /// Reads what is left, for the counts at the end.
    mutating func finish() async throws {
        next = nil
        while try await read() != nil {}
    }

    private mutating func read() async throws -> PreviousImage? {
        do {
            return try await lines?.next()?.image
        } catch let error where error is any Unreadable {
            isReadable = false
            lines = nil
            return nil
        }
    }
}
