internal import Domain

/// An image as the previous report recorded it.
struct PreviousImage {
    /// A finding, and when the fleet first saw it in this image.
    struct Aged: Hashable {
        var finding: Finding
        var since: Double
    }

    var image: Image
    var coverage: Coverage
    /// The findings of the image's last finished scan, sorted by key.
    var findings: [Aged]

    var place: ImageReference { image.place }

    /// The image as the source returned it, without its counts.
    var judged: ImageStatus {
        let standing = coverage.isJudged ? findings.map(\.finding) : []
        return ImageStatus(image: image, coverage: coverage, counts: nil, findings: standing)
    }
}

/// When each finding of an image was first seen, by comparison with the previous report.
///
/// Only a finished scan resolves a finding: while an image cannot be judged, its last known findings are kept.
struct FindingAges {
    /// The first-seen time of each finding of the image, in seconds since 1970.
    private(set) var since: [Double] = []
    /// The last known findings of an image that can no longer be judged.
    private(set) var lastKnown: [PreviousImage.Aged] = []
    private(set) var changes = DayChanges()

    /// Compares with the previous report; `known` is nil for an image that it did not contain.
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
