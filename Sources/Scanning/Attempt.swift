internal import AWSCore
internal import Domain
internal import FindingStore

/// What one attempt at a repository works with, and what it has come to so far.
struct Attempt {
    typealias Entry = RepositoryContents.Entry
    typealias FailedImage = (entry: Entry, trouble: ImageReadFailure, cause: any Error)

    let lease: RepositoryJob.Lease
    let client: AWSClient
    let stored: [ImageDigest: StoredImage]
    /// What is due at that time is due for the whole attempt, in seconds since 1970.
    let planTime: Double
    var progress: JobProgress
    /// Images that ECR was asked about.
    private var asked = 0
    /// Those of them that met an error which others may meet too.
    private var failing = 0

    init(
        lease: RepositoryJob.Lease,
        client: AWSClient,
        stored: [ImageDigest: StoredImage],
        progress: JobProgress,
        now: Double
    ) {
        self.lease = lease
        self.client = client
        self.stored = stored
        self.progress = progress
        let began = progress.began ?? now
        self.progress.began = began
        // Until then the attempts share one time, so that nothing that comes due between two of them is passed over.
        planTime = progress.cursor.isWaitingForDue ? now : began
    }

    // MARK: Which images

    /// The entries that are this attempt's, in the order in which they are worked through.
    mutating func choose(among entries: [Entry]) -> [Entry] {
        switch progress.cursor {
        case .start: return entries
        case .behind(let last): return entries.filter { $0.image.place.digest > last }
        case .later: return progress.takeMarked(among: entries) { $0.image.place.digest }
        case .due(_, let after):
            let points = entries.compactMap { entry in duePoint(entry).map { (entry, $0) } }
            return points.filter { after < $1 && $1.time <= planTime }.sorted { $0.1 < $1.1 }.map(\.0)
        }
    }

    /// Where the next attempt goes on after this one did some of its entries.
    func following(_ entries: [Entry], done: Int, now: Double) -> JobProgress {
        var next = progress
        let last = entries[done - 1]
        switch progress.cursor {
        case .start, .behind: next.cursor = .behind(last.image.place.digest)
        case .later(_, let look):
            // Whoever had this look and is marked again is at the end of the next; without counting, a repository whose
            // looks take longer than an attempt would have no last one.
            next.cursor = .later(notBefore: now, look: min(look + 1, JobCursor.delays.count))
            next.markFirst(entries[done...].map(\.image.place.digest))
        case .due: next.cursor = .due(notBefore: now, after: duePoint(last) ?? .end(of: planTime))
        }
        return next
    }

    /// Waits for the scans that come due within `horizon` of the first attempt; nil where there are none.
    func awaiting(_ entries: [Entry], within horizon: Duration) -> JobProgress? {
        guard lease.kind == .scan, let began = progress.began else { return nil }
        let end = began + Double(horizon.components.seconds)
        let times = entries.compactMap(duePoint).map(\.time).filter { $0 > planTime && $0 <= end }
        guard let earliest = times.min() else { return nil }
        // One look for those that come due soon after each other.
        let time = times.filter { $0 <= earliest + Self.dueTogether }.max() ?? earliest
        var next = progress
        next.cursor = .due(notBefore: time, after: .end(of: planTime))
        return next
    }

    private static let dueTogether: Double = 600

    private func duePoint(_ entry: Entry) -> DuePoint? {
        guard entry.coverage == nil else { return nil }
        let digest = entry.image.place.digest
        return ScanPlan.dueAt(stored[digest]?.status.coverage).map { DuePoint(time: $0, digest: digest) }
    }

    // MARK: What came of them

    /// Notes how ECR answered for an image.
    mutating func note(_ trouble: ImageReadFailure?) {
        asked += 1
        if case .passing(_, mayBeShared: true)? = trouble { failing += 1 }
    }

    /// Blames no image where the service itself seems to fail: the whole repository is tried again.
    ///
    /// That is so where every image fails, or more than a job can look at again. Later looks are at those images alone.
    /// A repository's only image cannot be told from the service, so nothing is said of it, and the repository is the gap.
    func checkForOutage(_ troubled: [FailedImage]) throws {
        let shared = troubled.filter { if case .passing(_, mayBeShared: true) = $0.trouble { true } else { false } }
        guard let cause = shared.last?.cause, progress.cursor.rechecksDone == 0 else { return }
        let isWhole = failing == asked && !(asked <= Self.badImages && hasSeenBetter)
        if isWhole || troubled.count > progress.marksLeft { throw cause }
    }

    /// Whether ECR answered for an image in an attempt before.
    private var hasSeenBetter: Bool {
        guard case .behind = progress.cursor else { return false }
        let answered = [Coverage.State.scanned.rawValue, JobCounter.scansStarted.rawValue]
        return answered.contains { progress.tally.counts[$0] != nil }
    }

    /// So many bad images may be all that is left to the last attempt at a large repository.
    private static let badImages = 3

    /// Counts an image of a scan by what came of it; one that came due during the sweep was counted as recent.
    mutating func count(_ result: ScanStarter.Result) {
        if case .due = progress.cursor {
            progress.tally.add(.images, -1)
            progress.tally.add(.scansRecent, -1)
        }
        progress.tally.count(result)
    }
}

extension JobCursor {
    fileprivate var isWaitingForDue: Bool { if case .due = self { true } else { false } }
}

extension JobCounters {
    fileprivate mutating func count(_ result: ScanStarter.Result) {
        add(.images)
        switch result {
        case .started: add(.scansStarted)
        case .recent: add(.scansRecent)
        case .closed: add(.scansImpossible)
        case .enhanced: add(.scansByInspector)
        case .gone: add(.vanished)
        case .postponed:
            add(.scansPostponed)
            add(.gaps)
        case .refused, .troubled:
            add(.scansRefused)
            add(.gaps)
        }
    }
}
