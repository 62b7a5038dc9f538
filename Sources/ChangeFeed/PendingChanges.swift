package import Domain

/// The changed images that are not yet processed, and the stream checkpoints that wait for them.
///
/// A crash must not lose a change. An image is removed only after its change record is stored. A checkpoint is released
/// only when every image named before it is removed and a stored report covers those images.
package struct PendingChanges: Sendable {
    /// Each waiting image with the earliest unfinished round that named it.
    private var dirty: [RepositoryReference: [ImageReference: Int]] = [:]
    private var waiting = 0
    private var inFlight: [ImageReference: Int] = [:]
    /// Repositories that `take` returns next, from the end; sorted once per pass, not once per call.
    private var turns: [RepositoryReference] = []
    private var checkpoints: [(round: Int, checkpoint: StreamCheckpoint)] = []
    private var hasNamedSinceCheckpoint = false
    private var round = 0
    private var saved: StreamCheckpoint?
    private let report: String
    /// First stream round not covered by a published report; `reporting` is the same for the report in progress.
    private var unreported: Int?
    private var reporting: Int?
    /// Whether a published report covers everything before the last released checkpoint.
    private var isReported: Bool
    private var waitsForReports = true

    /// Begins at `saved`, the checkpoint read at start; `report` is the report's location.
    package init(saved: StreamCheckpoint?, report: String = "") {
        self.saved = saved
        self.report = report
        isReported = saved?.report == report
        unreported = isReported ? nil : 0
    }

    /// How many images are not yet processed, those in flight included.
    package var count: Int { waiting + inFlight.count }

    /// Adds the images of one stream round and the checkpoint that the round reached.
    ///
    /// `changesReport` is true where the report must be rebuilt even if no image changed.
    package mutating func note(
        _ places: [ImageReference],
        checkpoint: StreamCheckpoint?,
        changesReport: Bool = false
    ) {
        round += 1
        if unreported == nil && (changesReport || !places.isEmpty) {
            unreported = round
            hasNamedSinceCheckpoint = true
        }
        for place in places where dirty[place.repository]?[place] == nil {
            wait(place, since: round)
            hasNamedSinceCheckpoint = true
        }
        guard let checkpoint else { return }
        // If no image became dirty since the last checkpoint, the new one replaces it. So there are never more
        // checkpoints than dirty images, even while Hubot is down for hours.
        if !hasNamedSinceCheckpoint { _ = checkpoints.popLast() }
        checkpoints.append((round, checkpoint))
        hasNamedSinceCheckpoint = false
    }

    /// Takes about `limit` waiting images; they are in flight until `settle` or `putBack`.
    ///
    /// A repository is taken whole, because one message covers one repository. Repositories take turns: one that
    /// becomes dirty again waits until all others were taken.
    package mutating func take(_ limit: Int) -> [RepositoryReference: [ImageReference]] {
        var taken: [RepositoryReference: [ImageReference]] = [:]
        var count = 0
        while count < limit, waiting > 0 {
            if turns.isEmpty { turns = dirty.keys.sorted { $0.description > $1.description } }
            guard let repository = turns.popLast(), let places = dirty.removeValue(forKey: repository) else {
                continue
            }
            taken[repository, default: []] += places.keys.sorted { $0.digest < $1.digest }
            count += places.count
            waiting -= places.count
            inFlight.merge(places) { first, _ in first }
        }
        return taken
    }

    private mutating func wait(_ place: ImageReference, since round: Int) {
        if dirty[place.repository, default: [:]].updateValue(round, forKey: place) == nil { waiting += 1 }
    }

    /// Marks images as processed; an image that the stream named again meanwhile stays dirty.
    package mutating func settle(_ places: [ImageReference]) {
        for place in places { inFlight[place] = nil }
    }

    /// Returns images that could not be processed to the waiting ones.
    package mutating func putBack(_ places: [ImageReference]) {
        for place in places {
            guard let since = inFlight.removeValue(forKey: place) else { continue }
            wait(place, since: min(since, dirty[place.repository]?[place] ?? since))
        }
    }

    /// The latest checkpoint that may be stored now; nil where the stored one is still current.
    package var checkpointToSave: StreamCheckpoint? {
        let unannounced = waitsForReports ? [reporting, unreported] : []
        let waiting = dirty.values.lazy.flatMap(\.values).min()
        let undone = ([waiting, inFlight.values.min()] + unannounced).compactMap(\.self).min() ?? .max
        guard var reached = checkpoints.last(where: { $0.round < undone })?.checkpoint else { return nil }
        reached.report = isReported ? report : nil
        return reached == saved && reached.report == saved?.report ? nil : reached
    }

    /// Records that `checkpoint` was stored, and drops the older ones.
    package mutating func didSave(_ checkpoint: StreamCheckpoint) {
        saved = checkpoint
        guard let index = checkpoints.lastIndex(where: { $0.checkpoint == checkpoint }) else { return }
        checkpoints.removeSubrange(..<index)
    }

    // MARK: Reports

    /// Records that a report began, which will cover everything named so far.
    package mutating func beginReport() {
        reporting = unreported
        unreported = nil
    }

    /// Records that the report in progress was stored.
    package mutating func didReport() {
        reporting = nil
        isReported = true
        waitsForReports = true
    }

    /// Records that the report in progress failed: its rounds are uncovered again.
    package mutating func didNotReport() {
        unreported = reporting ?? unreported
        reporting = nil
    }

    /// Releases checkpoints without waiting for a report, because the stream keeps records for one day only.
    ///
    /// After a restart the report is then rebuilt in full.
    package mutating func goAheadOfReports() {
        isReported = false
        waitsForReports = false
    }
}
