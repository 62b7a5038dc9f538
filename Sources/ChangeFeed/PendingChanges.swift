package import Domain

/// Which images changed and have not been dealt with, and how far the stream may be taken as done.
///
/// The order is what a crash must not disturb: an image leaves the ledger only after its news was delivered and written
/// down, and a checkpoint is given out only when every image that the stream named before it has left, and a stored report
/// tells what it named.
package struct PendingChanges: Sendable {
    /// Images by the earliest round that named them and is not done.
    private var dirty: [RepositoryReference: [ImageReference: Int]] = [:]
    private var waiting = 0
    private var inFlight: [ImageReference: Int] = [:]
    /// Repositories to be given next, the last first; sorted once for all of them, however few are taken at a time.
    private var turns: [RepositoryReference] = []
    private var checkpoints: [(round: Int, checkpoint: StreamCheckpoint)] = []
    private var hasNamedSinceCheckpoint = false
    private var round = 0
    private var saved: StreamCheckpoint?
    private let report: String
    /// The earliest round that named what no report tells of, and of these the one that the report under way tells of.
    private var unreported: Int?
    private var reporting: Int?
    /// Whether a report tells everything before the last checkpoint that was given out.
    private var isReported: Bool
    private var waitsForReports = true

    /// Begins at `saved`, the checkpoint that a restart read; `report` names where the report lies.
    package init(saved: StreamCheckpoint?, report: String = "") {
        self.saved = saved
        self.report = report
        isReported = saved?.report == report
        unreported = isReported ? nil : 0
    }

    /// How many images wait, those in flight included.
    package var count: Int { waiting + inFlight.count }

    /// Takes in what one round of the stream named, the place it reached, and whether a report has more to tell than the images.
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
        // Where nothing became dirty since, the new checkpoint may be stored whenever the last one may: so there are never
        // more of them than dirty images, even while Hubot is down for hours.
        if !hasNamedSinceCheckpoint { _ = checkpoints.popLast() }
        checkpoints.append((round, checkpoint))
        hasNamedSinceCheckpoint = false
    }

    /// Gives up to about `limit` waiting images, which are then in flight until `settle` or `putBack`.
    ///
    /// Repositories are given whole, because one message tells of one, and in turns: one that becomes dirty again waits until
    /// the others had theirs.
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

    /// The images are dealt with; one that the stream named again meanwhile stays dirty.
    package mutating func settle(_ places: [ImageReference]) {
        for place in places { inFlight[place] = nil }
    }

    /// The images could not be dealt with, and wait again.
    package mutating func putBack(_ places: [ImageReference]) {
        for place in places {
            guard let since = inFlight.removeValue(forKey: place) else { continue }
            wait(place, since: min(since, dirty[place.repository]?[place] ?? since))
        }
    }

    /// The furthest checkpoint that may be stored now; nil where the stored one is still right.
    package var checkpointToSave: StreamCheckpoint? {
        let unannounced = waitsForReports ? [reporting, unreported] : []
        let waiting = dirty.values.lazy.flatMap(\.values).min()
        let undone = ([waiting, inFlight.values.min()] + unannounced).compactMap(\.self).min() ?? .max
        guard var reached = checkpoints.last(where: { $0.round < undone })?.checkpoint else { return nil }
        reached.report = isReported ? report : nil
        return reached == saved && reached.report == saved?.report ? nil : reached
    }

    /// Remembers what was stored.
    package mutating func didSave(_ checkpoint: StreamCheckpoint) {
        saved = checkpoint
        guard let index = checkpoints.lastIndex(where: { $0.checkpoint == checkpoint }) else { return }
        checkpoints.removeSubrange(..<index)
    }

    // MARK: Reports

    /// A report begins, which will tell everything that was named so far.
    package mutating func beginReport() {
        reporting = unreported
        unreported = nil
    }

    /// The report that began last is stored.
    package mutating func didReport() {
        reporting = nil
        isReported = true
        waitsForReports = true
    }

    /// The report that began last is not stored.
    package mutating func didNotReport() {
        unreported = reporting ?? unreported
        reporting = nil
    }

    /// Lets checkpoints go ahead of the report, which a restart then makes by comparison: the stream is kept for a day only.
    package mutating func goAheadOfReports() {
        isReported = false
        waitsForReports = false
    }
}
