internal import Domain

/// A registry's file of the previous report, read in step with the registry's images.
struct PreviousRegistry<Reader: ReportReader> {
    private var lines: RegionLines<Reader>?
    private var next: PreviousImage?
    /// Whether there is a file that this version can read; without one, no finding counts as newly opened.
    private(set) var isReadable: Bool

    init(_ registry: Registry, _ reader: Reader?) throws {
        isReadable = reader != nil
        if let reader { lines = RegionLines(registry, try LineReader(reader)) }
    }

    /// The changes by UTC day, which the file ends with.
    var changes: [String: DayChanges] { lines?.changes ?? [:] }

    /// The image in the previous report, or nil; images must be requested in the order of their sort keys.
    mutating func image(at place: ImageReference) async throws -> PreviousImage? {
        let key = place.sortKey
        while true {
            if next == nil { next = try await read() }
            guard let known = next, known.place.sortKey <= key else { return nil }
            next = nil
            if known.place.sortKey == key { return known }
        }
    }

    /// Reads the rest of the file, for the changes at its end.
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
