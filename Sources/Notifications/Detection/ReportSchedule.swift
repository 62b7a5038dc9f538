internal import Domain

/// Decides when the report is published again.
///
/// It is due once the changes of an ended sweep are read, and `gathering` seconds after a change. While a sweep runs,
/// reports are at least `distance` seconds apart.
struct ReportSchedule {
    /// How long to wait for further changes after the first one, in seconds.
    var gathering: Double = 2
    /// The least time between the starts of two reports while a sweep runs, in seconds.
    var distance: Double = 60
    /// How long the report of an ended sweep waits for the stream to catch up, in seconds.
    var patience: Double = 10

    private var changedAt: Double?
    private var publishedAt: Double?
    /// How long the last report took, in seconds.
    private var duration: Double = 0
    private var reported: SweepID?
    /// The sweep that ended last, and when its end was first observed.
    private var ended: (sweep: SweepID?, at: Double) = (nil, 0)
    /// When the stream was last read to its end.
    private var caughtUpAt: Double = 0
    private var hasFailed = false
    private var changed: ReportScope

    /// Begins with the scope that may differ from the last report.
    init(changed: ReportScope = .everything) { self.changed = changed }

    mutating func didChange(_ change: ReportScope, at now: Double) {
        changed.formUnion(change)
        changedAt = changedAt ?? now
    }

    /// Records that every change written before `time` is read.
    mutating func didCatchUp(asked time: Double) { caughtUpAt = time }

    /// Records which sweep ended last.
    mutating func didSee(_ sweeps: SweepActivity, at now: Double) {
        if sweeps.lastCompleted != ended.sweep { ended = (sweeps.lastCompleted, now) }
    }

    /// Takes the scope of the report that begins now; later changes belong to the next one.
    mutating func begin() -> ReportScope {
        defer { (changed, changedAt) = (.nothing, nil) }
        return changed
    }

    /// Whether a report is due.
    func isDue(at now: Double, sweeps: SweepActivity) -> Bool {
        if hasFailed || publishedAt == nil { return true }
        // A report that calls a sweep complete must contain its last writes; a stuck stream delays it by `patience`
        // only.
        if ended.sweep != reported { return caughtUpAt > ended.at || now - ended.at >= patience }
        guard let changedAt, now - changedAt >= gathering else { return false }
        // A slow report leaves four times its duration between the starts of two reports.
        return !sweeps.isUnderWay || now - (publishedAt ?? 0) >= max(distance, 4 * duration)
    }

    /// Records that the report that began at `begun` was stored.
    mutating func didPublish(begun: Double, ended: Double, sweeps: SweepActivity) {
        duration = ended - begun
        publishedAt = begun
        reported = sweeps.lastCompleted
        hasFailed = false
    }

    /// Records that a report failed: the next one is due at once and includes its scope.
    mutating func didFail(_ change: ReportScope) {
        hasFailed = true
        changed.formUnion(change)
    }
}

/// Whether sweeps are running, and which completed last.
struct SweepActivity: Hashable {
    /// Whether any sweep has jobs left.
    var isUnderWay: Bool
    var isCollecting: Bool
    var hasCollected: Bool
    /// The sweep that completed last.
    var lastCompleted: SweepID?

    /// Summarises `sweeps`, which are sorted newest first.
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
