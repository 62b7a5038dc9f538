package import Domain

/// Where an attempt at a repository continues.
package enum JobCursor: Hashable, Sendable {
    case start
    /// After the image with that digest: earlier attempts handled those up to it.
    case behind(ImageDigest)
    /// At the marked images, and not before that time, in seconds since 1970; `number` numbers the re-checks from 1.
    case recheck(notBefore: Double, number: Int)
    /// At the images whose scans come due after the point `after`, and not before `notBefore`, in seconds since 1970.
    case due(notBefore: Double, after: DuePoint)

    /// The delays before the re-checks of marked images, in seconds; after the last, the next sweep reads them.
    package static let delays: [Double] = [5, 10, 30]

    /// When to continue, in seconds since 1970; nil is at once.
    package var notBefore: Double? {
        switch self {
        case .start, .behind: nil
        case .recheck(let time, _), .due(let time, _): time
        }
    }

    /// How many re-checks marked images have had; nil if no more images can be marked.
    var rechecksDone: Int? {
        switch self {
        case .start, .behind: 0
        case .recheck(_, let number): number < Self.delays.count ? number : nil
        case .due: nil
        }
    }
}

/// A point in the order in which scans come due: by time, then by digest.
package struct DuePoint: Hashable, Sendable, Comparable {
    /// When the scan comes due, in seconds since 1970.
    package var time: Double
    /// The image whose scan comes due.
    package var digest: ImageDigest

    /// Describes when an image's scan comes due.
    package init(time: Double, digest: ImageDigest) {
        self.time = time
        self.digest = digest
    }

    /// A point after every scan that comes due at `time`.
    package static func end(of time: Double) -> DuePoint { DuePoint(time: time, digest: ImageDigest(rawValue: "~")) }

    package static func < (left: DuePoint, right: DuePoint) -> Bool {
        (left.time, left.digest) < (right.time, right.digest)
    }
}

/// The progress of one job over its attempts; the queue keeps it as text.
package struct JobProgress: Hashable, Sendable {
    /// Where the next attempt continues.
    package var cursor: JobCursor
    /// When the first attempt began, in seconds since 1970: scans due by then are started first.
    package var began: Double?
    /// Images to be re-checked, as the first eight hex digits of their digests.
    package private(set) var recheckQueue: [String] = []
    /// The counts of earlier attempts; the sweep adds up a job once, when it ends.
    package var tally = JobCounters()

    /// The most images that can be marked, so that the text stays small; the next sweep reads any others.
    private static let limit = 200

    /// Describes a job without marks or counts.
    package init(cursor: JobCursor = .start, began: Double? = nil) {
        self.cursor = cursor
        self.began = began
    }

    /// How many more images can be marked.
    var rechecksLeft: Int { cursor.rechecksDone == nil ? 0 : max(0, Self.limit - recheckQueue.count) }

    /// Marks an image for a re-check; false if no more images can be marked.
    package mutating func queueRecheck(_ digest: ImageDigest) -> Bool {
        guard rechecksLeft > 0 else { return false }
        recheckQueue.append(Self.queueRecheck(digest))
        return true
    }

    /// Marks images that were not reached again, before those that were re-checked in this attempt.
    mutating func requeueFirst(_ digests: [ImageDigest]) {
        recheckQueue = digests.map(Self.queueRecheck) + recheckQueue
    }

    /// Removes all marks and returns the marked elements, in the order of the marks.
    package mutating func takeQueued<Element>(
        among elements: [Element],
        by digest: (Element) -> ImageDigest
    ) -> [Element] {
        let places = Dictionary(recheckQueue.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        recheckQueue = []
        return elements.compactMap { element in places[Self.queueRecheck(digest(element))].map { ($0, element) } }
            .sorted { $0.0 < $1.0 }
            .map(\.1)
    }

    /// The progress that re-checks the marked images after the next delay; nil if there are none.
    package func rechecking(now: Double) -> JobProgress? {
        guard let looks = cursor.rechecksDone, !recheckQueue.isEmpty else { return nil }
        var next = self
        next.cursor = .recheck(notBefore: now + JobCursor.delays[looks], number: looks + 1)
        return next
    }

    /// Eight hex digits identify an image within its repository; if two collide, one is re-checked for nothing.
    private static func queueRecheck(_ digest: ImageDigest) -> String {
        String(digest.rawValue.drop { $0 != ":" }.dropFirst().prefix(8))
    }
}

// MARK: Text

extension JobProgress {
    /// Reads what `text` wrote; a single word is a digest, and anything unreadable starts the job over.
    package init(_ text: String?) {
        let words = (text ?? "").split(separator: " ").map(String.init)
        self.init()
        guard let first = words.first, words.count == 4 || words.count == 1 else { return }
        guard let cursor = JobCursor(word: first) else { return }
        self.cursor = cursor
        guard words.count == 4 else { return }
        began = Double(words[1])
        recheckQueue = words[2] == "-" ? [] : words[2].split(separator: ",").map(String.init)
        for pair in words[3].split(separator: ",").map({ $0.split(separator: "=") }) {
            if pair.count == 2, let count = Int(pair[1]) { tally.add(String(pair[0]), count) }
        }
    }

    /// Cursor, start time, marks and counts, separated by spaces; `-` for an empty one.
    package var text: String {
        let counts = tally.counts.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let lists = [recheckQueue, counts].map { $0.isEmpty ? "-" : $0.joined(separator: ",") }
        return ([cursor.word, began.map { "\($0)" } ?? "-"] + lists).joined(separator: " ")
    }
}

extension JobCursor {
    fileprivate init?(word: String) {
        let parts = word.split(separator: ":", maxSplits: 3).map(String.init)
        switch parts.first {
        case "start": self = .start
        case "later":
            guard parts.count == 3, let time = Double(parts[1]), let number = Int(parts[2]) else { return nil }
            self = .recheck(notBefore: time, number: number)
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
        case .recheck(let time, let number): "later:\(time):\(number)"
        case .due(let time, let after): "due:\(time):\(after.time):\(after.digest)"
        }
    }
}
