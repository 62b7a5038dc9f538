internal import AWSCore
internal import Domain
internal import FindingStore

/// The inputs and the progress of one attempt at a repository.
struct Attempt {
    typealias Entry = RepositoryContents.Entry
    typealias FailedImage = (entry: Entry, trouble: ImageReadFailure, cause: any Error)

    let lease: RepositoryJob.Lease
    let client: AWSClient
    let stored: [ImageDigest: StoredImage]
    /// The time by which this attempt decides which scans are due, in seconds since 1970.
    let planTime: Double
    var progress: JobProgress
    /// How many images ECR was asked about.
    private var asked = 0
    /// How many of them failed with an error that may come from the service, not the image.
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
        // Until the cursor waits for due scans, all attempts share one time, or a scan that comes due between two of
        // them would be skipped.
        planTime = progress.cursor.isWaitingForDue ? now : began
    }

    // MARK: Which images

    /// The entries that belong to this attempt, in processing order.
    mutating func choose(among entries: [Entry]) -> [Entry] {
        switch progress.cursor {
        case .start: return entries
        case .behind(let last): return entries.filter { $0.image.place.digest > last }
        case .recheck: return progress.takeQueued(among: entries) { $0.image.place.digest }
        case .due(_, let after):
            let points = entries.compactMap { entry in duePoint(entry).map { (entry, $0) } }
            return points.filter { after < $1 && $1.time <= planTime }.sorted { $0.1 < $1.1 }.map(\.0)
        }
    }

    /// The progress after `done` of this attempt's entries: where the next attempt continues.
    func following(_ entries: [Entry], done: Int, now: Double) -> JobProgress {
        var next = progress
        let last = entries[done - 1]
        switch progress.cursor {
        case .start, .behind: next.cursor = .behind(last.image.place.digest)
        case .recheck(_, let number):
            // Re-marked images go to the back of the queue. The counter bounds re-checks, or a slow repository would be
            // re-checked for ever.
            next.cursor = .recheck(notBefore: now, number: min(number + 1, JobCursor.delays.count))
            next.requeueFirst(entries[done...].map(\.image.place.digest))
        case .due: next.cursor = .due(notBefore: now, after: duePoint(last) ?? .end(of: planTime))
        }
        return next
    }

    /// The progress that waits for scans coming due within `horizon` of the first attempt; nil if there are none.
    func awaiting(_ entries: [Entry], within horizon: Duration) -> JobProgress? {
        guard lease.kind == .scan, let began = progress.began else { return nil }
        let end = began + Double(horizon.components.seconds)
        let times = entries.compactMap(duePoint).map(\.time).filter { $0 > planTime && $0 <= end }
        guard let earliest = times.min() else { return nil }
        // One attempt starts all scans that come due within ten minutes.
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

    // MARK: Results

    /// Counts ECR's answer about an image; `trouble` is nil if it succeeded.
    mutating func note(_ trouble: ImageReadFailure?) {
        asked += 1
        if case .retryable(_, mayBeShared: true)? = trouble { failing += 1 }
    }

    /// Throws if ECR itself seems to fail: the whole repository is then retried, and no image is blamed.
    ///
    /// That is so if every image fails, or if more fail than a job can re-check. Re-checks cover those images alone and
    /// never throw. A repository with one image cannot tell the image from the service, so the repository becomes the
    /// gap, not the image.
    func checkForOutage(_ troubled: [FailedImage]) throws {
        let shared = troubled.filter { if case .retryable(_, mayBeShared: true) = $0.trouble { true } else { false } }
        guard let cause = shared.last?.cause, progress.cursor.rechecksDone == 0 else { return }
        let isWhole = failing == asked && !(asked <= Self.badImages && hasSeenBetter)
        if isWhole || troubled.count > progress.rechecksLeft { throw cause }
    }

    /// Whether an earlier attempt got an answer from ECR about an image.
    private var hasSeenBetter: Bool {
        guard case .behind = progress.cursor else { return false }
        let answered = [Coverage.State.scanned.rawValue, JobCounter.scansStarted.rawValue]
        return answered.contains { progress.tally.counts[$0] != nil }
    }

    /// The last attempt at a large repository may have only this many images left, all of them bad.
    private static let badImages = 3

    /// Counts an image of a scan sweep by its result; one that came due during the sweep was counted as recent before.
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
