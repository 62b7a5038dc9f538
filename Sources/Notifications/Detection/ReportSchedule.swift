internal import Domain

/// When the report is written anew: as soon as the end of a sweep has been read, soon after a round with changes, and
/// not after every record while a sweep is still writing.
struct ReportSchedule {
    /// How long after a change others are waited for, in seconds.
    var gathering: Double = 2
    /// The least distance between two reports while a sweep is under way, in seconds.
    var distance: Double = 60
    /// How long the report of a sweep that ended waits for the stream, in seconds.
    var patience: Double = 10

    private var changedAt: Double?
    private var publishedAt: Double?
    /// How long the last report took, in seconds.
    private var duration: Double = 0
    private var told: SweepID?
    /// The sweep that ended last, and when that was first seen.
    private var ended: (sweep: SweepID?, at: Double) = (nil, 0)
    /// When the stream was last asked and had nothing left.
    private var caughtUpAt: Double = 0
    private var hasFailed = false
    private var changed: ReportScope

    /// Begins with what may differ from the last report.
    init(changed: ReportScope = .everything) { self.changed = changed }

    mutating func didChange(_ change: ReportScope, at now: Double) {
        changed.formUnion(change)
        changedAt = changedAt ?? now
    }

    /// The stream was asked at that time, and everything up to then is read.
    mutating func didCatchUp(asked time: Double) { caughtUpAt = time }

    /// The sweeps were looked at.
    mutating func didSee(_ sweeps: SweepActivity, at now: Double) {
        if sweeps.lastCompleted != ended.sweep { ended = (sweeps.lastCompleted, now) }
    }

    /// What the report that begins now has to read; what changes from here on is the next one's.
    mutating func begin() -> ReportScope {
        defer { (changed, changedAt) = (.nothing, nil) }
        return changed
    }

    /// Whether a report is due.
    func isDue(at now: Double, sweeps: SweepActivity) -> Bool {
        if hasFailed || publishedAt == nil { return true }
        // The report that calls a sweep complete holds what it wrote last; a stream that is stuck holds no report up.
        if ended.sweep != told { return caughtUpAt > ended.at || now - ended.at >= patience }
        guard let changedAt, now - changedAt >= gathering else { return false }
        // A report that takes long leaves time for others, and for what changes meanwhile.
        return !sweeps.isUnderWay || now - (publishedAt ?? 0) >= max(distance, 4 * duration)
    }

    /// A report that began at `begun` is stored; what changed meanwhile asks for the next.
    mutating func didPublish(begun: Double, ended: Double, sweeps: SweepActivity) {
        duration = ended - begun
        publishedAt = begun
        told = sweeps.lastCompleted
        hasFailed = false
    }

    /// No report was stored: the next question asks for one again, which reads what this one should have told.
    mutating func didFail(_ change: ReportScope) {
        hasFailed = true
        changed.formUnion(change)
    }
}

/// What the aggregator wants to know of the sweeps.
struct SweepActivity: Hashable {
    /// Whether any sweep has jobs left.
    var isUnderWay: Bool
    var isCollecting: Bool
    var hasCollected: Bool
    /// The sweep that completed last.
    var lastCompleted: SweepID?

    /// Reads the sweeps, newest first.
    init(_ sweeps: [SweepState]) {
        let collects = sweeps.filter { $0.id.kind == .collect }
        isUnderWay = SweepKind.allCases.contains { kind in Self.isUnderWay(sweeps.filter { $0.id.kind == kind }) }
        isCollecting = Self.isUnderWay(collects)
        hasCollected = collects.contains { $0.isComplete }
        lastCompleted = sweeps.filter(\.isComplete).max { ($0.completedAt ?? 0) < ($1.completedAt ?? 0) }?.id
    }

    private static func isUnderWay(_ sweeps: [SweepState]) -> Bool {
        !SweepState.running(among: sweeps, isComplete: \.isComplete).isEmpty
    }
}
