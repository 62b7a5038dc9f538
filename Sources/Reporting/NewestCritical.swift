internal import Domain
internal import JSON

/// The critical vulnerabilities that the fleet first saw most recently, so that a page can name them from the index
/// alone.
struct NewestCritical {
    private struct Entry {
        let id: String
        let occurrence: Occurrences.Entry
        let known: Vulnerability?

        /// Orders the latest first-seen time first and unknown times last; for equal times, more images come first.
        func precedes(_ other: Entry) -> Bool {
            let (own, others) = (known?.firstSeen, other.known?.firstSeen)
            if own != others { return (own ?? -.infinity) > (others ?? -.infinity) }
            if occurrence.images != other.occurrence.images { return occurrence.images > other.occurrence.images }
            return id < other.id
        }
    }

    private var entries: [Entry] = []

    private static let most = 8
    private static let mostPackages = 3

    /// Adds a vulnerability, in any order; `known` is nil if only its occurrences are known.
    mutating func add(_ id: String, _ occurrence: Occurrences.Entry, known: Vulnerability?) {
        guard occurrence.worst == .critical else { return }
        let entry = Entry(id: id, occurrence: occurrence, known: known)
        entries.insert(entry, at: entries.firstIndex { entry.precedes($0) } ?? entries.endIndex)
        if entries.count > Self.most { entries.removeLast() }
    }

    /// Writes the member `newest_critical`.
    func write(to json: inout JSONWriter) {
        json.array("newest_critical", entries) { json, entry in
            json.object { json in
                json.member("id", entry.id)
                json.member("first_seen", time: entry.known?.firstSeen)
                json.member("images", entry.occurrence.images)
                json.array("packages", entry.occurrence.packages.prefix(Self.mostPackages)) { $0.string($1) }
                json.member("title", entry.known?.title)
                json.member("score", entry.occurrence.score)
            }
        }
    }
}
