internal import AWSCore
internal import AWSServices
internal import Concurrency
package import Domain
package import FindingStore
package import Logging
internal import Observability
package import RegistryAccess
internal import Retry

/// Does one job: starts the scans of a repository's images or reads their findings, within bounds.
package struct RepositoryWork: Sendable {
    /// How much one attempt may do, so that a worker can be drained quickly.
    package struct Bounds: Hashable, Sendable {
        /// Images of one attempt, about; the rest continues behind a cursor.
        package var images: Int
        /// How long one attempt may go on, about.
        package var time: Duration
        /// Calls of one attempt under way at once.
        package var concurrency: Int
        /// Scans that the fleet starts in one registry in 24 hours; AWS allows 100,000.
        package var scansPerDay: Int
        /// For how long AWS may throttle every attempt until the repository is given up for this sweep.
        package var patience: Duration

        /// Bounds with the design's defaults.
        package init(
            images: Int = 500,
            time: Duration = .seconds(60),
            concurrency: Int = 4,
            scansPerDay: Int = 100_000,
            patience: Duration = .seconds(6 * 3600)
        ) {
            self.images = images
            self.time = time
            self.concurrency = concurrency
            self.scansPerDay = scansPerDay
            self.patience = patience
        }
    }

    private let access: RegistryAccess
    private let store: FindingStore
    private let bounds: Bounds
    private let scope: ImageScope
    private let now: @Sendable () -> Double

    /// Works through `access` into `store`; `now` gives seconds since 1970.
    package init(
        access: RegistryAccess,
        store: FindingStore,
        bounds: Bounds = Bounds(),
        scope: ImageScope,
        now: @escaping @Sendable () -> Double
    ) {
        self.access = access
        self.store = store
        self.bounds = bounds
        self.scope = scope
        self.now = now
    }

    /// Performs one attempt under the fencing token of its lease; `throttledFor` is how long AWS had throttled all
    /// attempts when it began.
    ///
    /// - Throws: `CancellationError` alone; every other end is an outcome.
    package func perform(
        _ job: ScanJob,
        token: Int,
        cursor: String?,
        throttledFor: Duration = .zero,
        logger: Logger
    ) async throws -> WorkOutcome {
        guard let kind = job.sweep.kind else { return .hopeless(reason: "the sweep's kind is unknown") }
        do {
            return try await attempt(job.repository, kind, token: token, cursor: WorkCursor(cursor))
        } catch let error as AWSServiceError where error.code.rawValue == "RepositoryNotFoundException" {
            return try await deciding { try await remove(job.repository, token: token) }
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            logger.warning("repository not finished", metadata: .init(error))
            return try await deciding { try await refused(job.repository, error, throttledFor, token: token) }
        }
    }

    // MARK: The usual way

    /// What one attempt works with, and what it has come to so far.
    private struct Attempt {
        let kind: SweepKind
        let client: AWSClient
        let token: Int
        let stored: [ImageDigest: StoredImage]
        var tally = Tally()
        /// Images that ECR was scanning.
        var underWay: [ImageDigest] = []
    }

    private func attempt(
        _ place: RepositoryPlace,
        _ kind: SweepKind,
        token: Int,
        cursor: WorkCursor
    ) async throws -> WorkOutcome {
        if case .later(let time, _, _) = cursor, time > now() {
            // The queue wakes the job; no slot is held meanwhile.
            return .again(after: .seconds(time - now()), reason: "scans are under way", consumesTry: false)
        }
        let client = await access.ecr(place.registry)
        let contents = try await RepositoryLister(client: client, place: place, scope: scope).contents()
        let stored = Dictionary(
            try await store.images(in: place).map { ($0.judged.image.place.digest, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        var attempt = Attempt(kind: kind, client: client, token: token, stored: stored)
        countEarlier(contents.entries.filter { !cursor.leaves($0.image.place.digest) }, &attempt)
        let rest = contents.entries.filter { cursor.leaves($0.image.place.digest) }
        if let last = try await work(through: rest, in: place.registry, &attempt) {
            return .continues(cursor: WorkCursor.behind(last.image.place.digest).text)
        }
        if let later = cursor.following(attempt.underWay, now: now()) { return .continues(cursor: later.text) }
        return try await finish(place, contents, attempt)
    }

    private func finish(
        _ place: RepositoryPlace,
        _ contents: RepositoryContents,
        _ attempt: Attempt
    ) async throws -> WorkOutcome {
        var tally = attempt.tally
        for (kind, count) in contents.artifacts { tally.add(kind.rawValue, count) }
        tally.add("out_of_scope", contents.outOfScope)
        tally.add("beyond_limit", contents.beyondLimit)
        tally.add("removed", try await removeVanished(attempt.stored, listed: contents, token: attempt.token))
        let judged = JudgedRepository(
            place: place,
            imagesBeyondLimit: contents.beyondLimit,
            imagesOutOfScope: contents.outOfScope
        )
        try await store.put(judged, token: attempt.token)
        return .completed(tally)
    }

    /// Counts what earlier attempts at the same job did, for the sweep counts a job once, when it is over.
    private func countEarlier(_ entries: [RepositoryContents.Entry], _ attempt: inout Attempt) {
        for entry in entries {
            switch attempt.kind {
            case .scan: attempt.tally.add("images")
            case .collect:
                if let known = attempt.stored[entry.image.place.digest] { attempt.tally.count(known.judged.coverage) }
            }
        }
    }

    /// Works through entries in portions until the attempt's bounds are reached; answers the last entry done where some
    /// are left.
    private func work(
        through entries: [RepositoryContents.Entry],
        in registry: Registry,
        _ attempt: inout Attempt
    ) async throws -> RepositoryContents.Entry? {
        let deadline = ContinuousClock.now + bounds.time
        let round = attempt.kind == .scan ? try await round(in: registry, entries, attempt) : nil
        var done = 0
        while done < entries.count {
            let portion = Array(entries[done..<min(done + Self.portion, entries.count)])
            if let round {
                for result in try await round.start(portion) { attempt.tally.count(result) }
            } else {
                try await collect(portion, &attempt)
            }
            done += portion.count
            if done < entries.count && (done >= bounds.images || .now >= deadline) { return portion.last }
        }
        return nil
    }

    /// Images between two looks at the clock.
    private static let portion = 50

    private func collect(_ entries: [RepositoryContents.Entry], _ attempt: inout Attempt) async throws {
        let collector = ImageCollector(client: attempt.client, store: store, token: attempt.token)
        let stored = attempt.stored
        let results = try await entries.mapConcurrently(limit: bounds.concurrency) { entry in
            (entry, try await collector.collect(entry, over: stored[entry.image.place.digest]))
        }
        for (entry, result) in results {
            switch result {
            case .judged(let coverage, let outcome, let isUnderWay):
                attempt.tally.count(coverage)
                if outcome == .written { attempt.tally.add("written") }
                if isUnderWay { attempt.underWay.append(entry.image.place.digest) }
            case .gone: attempt.tally.add("vanished")
            }
        }
    }

    private func round(
        in registry: Registry,
        _ entries: [RepositoryContents.Entry],
        _ attempt: Attempt
    ) async throws -> ScanRound {
        var round = ScanRound(
            starter: ScanStarter(client: attempt.client, store: store, token: attempt.token, now: now()),
            store: store,
            registry: registry,
            stored: attempt.stored,
            limit: bounds.scansPerDay,
            concurrency: bounds.concurrency
        )
        try await round.choose(among: entries)
        return round
    }

    /// Removes what the complete listing of this attempt lacks or has beyond the limit; answers how many.
    private func removeVanished(
        _ stored: [ImageDigest: StoredImage],
        listed: RepositoryContents,
        token: Int
    ) async throws -> Int {
        let present = Set(listed.entries.map(\.image.place.digest))
        let vanished = stored.filter { !present.contains($0.key) }.map(\.value)
        try await vanished.forEachConcurrently(limit: bounds.concurrency) { image in
            _ = try await store.remove(image, token: token)
        }
        return vanished.count
    }

    // MARK: When the repository is gone, or refuses

    private func remove(_ place: RepositoryPlace, token: Int) async throws -> WorkOutcome {
        let images = try await store.images(in: place)
        try await images.forEachConcurrently(limit: bounds.concurrency) { image in
            _ = try await store.remove(image, token: token)
        }
        try await store.remove(place, token: token)
        var tally = Tally()
        tally.add("removed", images.count)
        return .completed(tally)
    }

    private func refused(
        _ place: RepositoryPlace,
        _ error: any Error,
        _ throttledFor: Duration,
        token: Int
    ) async throws -> WorkOutcome {
        switch Obstacle(error) {
        case .passing(.throttled(let delay)):
            if throttledFor < bounds.patience { return .again(after: delay, reason: "\(error)", consumesTry: false) }
            let hours = throttledFor.components.seconds / 3600
            let reason = "AWS throttled every attempt for \(hours) hours, the last with: \(error)"
            return try await close(place, Coverage(.throttled, reason: reason), token: token)
        case .passing:
            // Said at once, for this may be the last attempt, and a worker may die; the attempt that succeeds unsays it.
            let failed = Coverage(.failed, reason: "not finished yet: \(Obstacle.reason(error))")
            try await store.put(JudgedRepository(place: place, obstacle: failed), token: token)
            return .again(after: nil, reason: "\(error)", consumesTry: true)
        case .lasting(let coverage) where coverage.state == .accessDenied || coverage.state == .regionOff:
            return try await close(place, coverage, token: token)
        case .lasting(let coverage):
            try await store.put(JudgedRepository(place: place, obstacle: coverage), token: token)
            return .hopeless(reason: coverage.reason ?? "\(error)")
        }
    }

    /// Ends the job with a gap that the store explains.
    private func close(_ place: RepositoryPlace, _ coverage: Coverage, token: Int) async throws -> WorkOutcome {
        try await store.put(JudgedRepository(place: place, obstacle: coverage), token: token)
        var tally = Tally()
        tally.countObstacle()
        return .completed(tally)
    }

    /// A store that fails while an end is written down leaves the job undecided.
    private func deciding(_ body: () async throws -> WorkOutcome) async throws -> WorkOutcome {
        do {
            return try await body()
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            return .again(after: nil, reason: "\(error)", consumesTry: error.dispositionOrPermanent == .permanent)
        }
    }
}

extension Tally {
    /// Counts one image of a scan by what came of it.
    fileprivate mutating func count(_ result: ScanStarter.Result) {
        add("images")
        switch result {
        case .started: add("scans_started")
        case .recent: add("scans_recent")
        case .closed: add("scans_impossible")
        case .enhanced: add("scans_by_inspector")
        case .gone: add("vanished")
        case .postponed:
            add("scans_postponed")
            add("gaps")
        }
    }
}
