package import Domain

/// Where an attempt at a repository goes on.
package enum JobCursor: Hashable, Sendable {
    case start
    /// Behind the image of that digest: the attempts before had their share.
    case behind(ImageDigest)
    /// At the marked images, and not before that time, in seconds since 1970; `look` counts from 1.
    case later(notBefore: Double, look: Int)
    /// At the images whose scans come due behind `after`, and not before that time.
    case due(notBefore: Double, after: DuePoint)

    /// How long after an attempt, in seconds, its marked images are looked at again; then the next sweep's turn comes.
    package static let delays: [Double] = [5, 10, 30]

    /// When to go on; nil is at once.
    package var notBefore: Double? {
        switch self {
        case .start, .behind: nil
        case .later(let time, _), .due(let time, _): time
        }
    }

    /// Looks that images had which are marked; nil where nothing can be marked any more.
    var rechecksDone: Int? {
        switch self {
        case .start, .behind: 0
        case .later(_, let look): look < Self.delays.count ? look : nil
        case .due: nil
        }
    }
}

/// A place in the order in which scans come due.
package struct DuePoint: Hashable, Sendable, Comparable {
    /// Seconds since 1970.
    package var time: Double
    package var digest: ImageDigest

    /// Names when the scan of an image comes due.
    package init(time: Double, digest: ImageDigest) {
        self.time = time
        self.digest = digest
    }

    /// Behind everything that comes due at that time.
    package static func end(of time: Double) -> DuePoint { DuePoint(time: time, digest: ImageDigest(rawValue: "~")) }

    package static func < (left: DuePoint, right: DuePoint) -> Bool {
        (left.time, left.digest) < (right.time, right.digest)
    }
}

/// What the attempts at one job have come to; the queue keeps it as text.
package struct JobProgress: Hashable, Sendable {
    package var cursor: JobCursor
    /// When the first attempt began, in seconds since 1970: what was due then is the sweep's first share.
    package var began: Double?
    /// Images that are to be looked at again.
    package private(set) var marks: [String] = []
    /// What the attempts before did, for the sweep counts a job once, when it is over.
    package var tally = JobCounters()

    /// Marks that the text holds, so that it stays small; whatever is beyond waits for the next sweep.
    private static let limit = 200

    /// Begins a job, or goes on with it.
    package init(cursor: JobCursor = .start, began: Double? = nil) {
        self.cursor = cursor
        self.began = began
    }

    /// How many images more can be marked.
    var marksLeft: Int { cursor.rechecksDone == nil ? 0 : max(0, Self.limit - marks.count) }

    /// Marks an image; false where it cannot be looked at again.
    package mutating func mark(_ digest: ImageDigest) -> Bool {
        guard marksLeft > 0 else { return false }
        marks.append(Self.mark(digest))
        return true
    }

    /// Marks again what was left of those that were marked, before those that had their look.
    mutating func markFirst(_ digests: [ImageDigest]) { marks = digests.map(Self.mark) + marks }

    /// The elements that are marked, in the order of the marks; none is marked then.
    package mutating func takeMarked<Element>(
        among elements: [Element],
        by digest: (Element) -> ImageDigest
    ) -> [Element] {
        let places = Dictionary(marks.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        marks = []
        return elements.compactMap { element in places[Self.mark(digest(element))].map { ($0, element) } }
            .sorted { $0.0 < $1.0 }
            .map(\.1)
    }

    /// Goes on with the marked images; nil where there are none.
    package func rechecking(now: Double) -> JobProgress? {
        guard let looks = cursor.rechecksDone, !marks.isEmpty else { return nil }
        var next = self
        next.cursor = .later(notBefore: now + JobCursor.delays[looks], look: looks + 1)
        return next
    }

    /// Eight digits tell the images of one repository apart; where they do not, one is looked at in vain.
    private static func mark(_ digest: ImageDigest) -> String {
        String(digest.rawValue.drop { $0 != ":" }.dropFirst().prefix(8))
    }
}

// MARK: Text

extension JobProgress {
    /// Reads what `text` wrote; a word alone is a digest, and whatever else is begun anew.
    package init(_ text: String?) {
        let words = (text ?? "").split(separator: " ").map(String.init)
        self.init()
        guard let first = words.first, words.count == 4 || words.count == 1 else { return }
        guard let cursor = JobCursor(word: first) else { return }
        self.cursor = cursor
        guard words.count == 4 else { return }
        began = Double(words[1])
        marks = words[2] == "-" ? [] : words[2].split(separator: ",").map(String.init)
        for pair in words[3].split(separator: ",").map({ $0.split(separator: "=") }) {
            if pair.count == 2, let count = Int(pair[1]) { tally.add(String(pair[0]), count) }
        }
    }

    package var text: String {
        let counts = tally.counts.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let lists = [marks, counts].map { $0.isEmpty ? "-" : $0.joined(separator: ",") }
        return ([cursor.word, began.map { "\($0)" } ?? "-"] + lists).joined(separator: " ")
    }
}

extension JobCursor {
    fileprivate init?(word: String) {
        let parts = word.split(separator: ":", maxSplits: 3).map(String.init)
        switch parts.first {
        case "start": self = .start
        case "later":
            guard parts.count == 3, let time = Double(parts[1]), let look = Int(parts[2]) else { return nil }
            self = .later(notBefore: time, look: look)
        case "due":
            guard parts.count == 4, let time = Double(parts[1]), let after = Double(parts[2]) else { return nil }
            self = .due(notBefore: time, after: DuePoint(time: after, digest: ImageDigest(rawValue: parts[3])))
        default: self = .behind(ImageDigest(rawValue: word))
        }
    }

    fileprivate var word: String {
        switch self {
        case .start: "start"
        case .behind(let digest): digest.rawValue
        case .later(let time, let look): "later:\(time):\(look)"
        case .due(let time, let after): "due:\(time):\(after.time):\(after.digest)"
        }
    }
}
