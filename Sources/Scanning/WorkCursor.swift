package import Domain

/// Where an attempt at a repository goes on; the queue keeps it as text.
package enum WorkCursor: Hashable, Sendable {
    case start
    /// Behind the image of that digest: the attempts before had their share.
    case behind(ImageDigest)
    /// At the images whose scan was under way, and not before that time, in seconds since 1970.
    case later(notBefore: Double, look: Int, marks: [String])

    /// How long after an attempt, in seconds, its unfinished scans are looked at again; then the next sweep's turn comes.
    package static let delays: [Double] = [5, 10, 30]
    /// Marks that a cursor holds, so that it stays small; whatever is beyond waits for the next sweep.
    private static let limit = 200

    /// Reads what `text` wrote; whatever else is a digest.
    package init(_ text: String?) {
        let parts = (text ?? "").split(separator: " ").map(String.init)
        if parts.count == 4, parts[0] == "later", let time = Double(parts[1]), let look = Int(parts[2]) {
            self = .later(notBefore: time, look: look, marks: parts[3].split(separator: ",").map(String.init))
        } else if let text, !text.isEmpty {
            self = .behind(ImageDigest(rawValue: text))
        } else {
            self = .start
        }
    }

    package var text: String {
        switch self {
        case .start: ""
        case .behind(let digest): digest.rawValue
        case .later(let time, let look, let marks): "later \(time) \(look) \(marks.joined(separator: ","))"
        }
    }

    /// Whether the image is still to be looked at.
    package func leaves(_ digest: ImageDigest) -> Bool {
        switch self {
        case .start: true
        case .behind(let last): digest > last
        case .later(_, _, let marks): marks.contains(Self.mark(digest))
        }
    }

    /// Where to go on after everything was looked at and these scans were under way; nil where nothing is to be done.
    package func following(_ underWay: [ImageDigest], now: Double) -> WorkCursor? {
        var look = 0
        if case .later(_, let last, _) = self { look = last }
        guard !underWay.isEmpty, look < Self.delays.count else { return nil }
        let marks = underWay.prefix(Self.limit).map(Self.mark)
        return .later(notBefore: now + Self.delays[look], look: look + 1, marks: marks)
    }

    /// Eight digits tell the images of one repository apart; where they do not, one is looked at in vain.
    private static func mark(_ digest: ImageDigest) -> String {
        String(digest.rawValue.drop { $0 != ":" }.dropFirst().prefix(8))
    }
}
