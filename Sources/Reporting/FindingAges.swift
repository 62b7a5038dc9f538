internal import Domain

/// An image as the last report told of it.
struct PreviousImage {
    /// A finding, and when the fleet first saw it in this image.
    struct Aged: Hashable {
        var finding: Finding
        var since: Double
    }

    var image: Image
    var coverage: Coverage
    /// Of the last judgement, sorted by key.
    var findings: [Aged]

    var place: ImageReference { image.place }

    /// As the source gave it.
    var judged: ImageStatus {
        let standing = coverage.isJudged ? findings.map(\.finding) : []
        return ImageStatus(image: image, coverage: coverage, counts: nil, findings: standing)
    }
}

/// Since when each finding of an image is known, by comparison with the last report.
///
/// Only a trusted judgement resolves a finding: what an image last held stays known while it is not judged.
struct FindingAges {
    /// For each finding of the judgement that stands.
    private(set) var since: [Double] = []
    /// Of an image that is not judged any more: what its last judgement found.
    private(set) var lastKnown: [PreviousImage.Aged] = []
    private(set) var changes = DayChanges()

    /// Compares; `known` is nil for an image that no report has told of.
    init(of image: ImageStatus, after known: PreviousImage?, now: Double) {
        guard image.coverage.isJudged else {
            lastKnown = known?.findings ?? []
            return
        }
        let seen = (image.coverage.at ?? now).rounded(.down)
        since.reserveCapacity(image.findings.count)
        var earlier = (known?.findings ?? [])[...]
        for finding in image.findings {
            while let first = earlier.first, first.finding.key < finding.key {
                resolve(first, at: seen)
                earlier.removeFirst()
            }
            if let first = earlier.first, first.finding.key == finding.key {
                since.append(first.since)
                earlier.removeFirst()
            } else {
                since.append(seen)
                changes.opened += 1
            }
        }
        for gone in earlier { resolve(gone, at: seen) }
    }

    private mutating func resolve(_ gone: PreviousImage.Aged, at time: Double) {
        changes.resolved += 1
        changes.fixed += 1
        changes.secondsToFix += max(0, Int(time - gone.since))
    }
}
