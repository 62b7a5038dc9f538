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
        /// For how long AWS may throttle every attempt until the repository is given up for this sweep.
        package var patience: Duration

        /// Bounds with the design's defaults.
        package init(
            images: Int = 500,
            time: Duration = .seconds(60),
            concurrency: Int = 4,
            patience: Duration = .seconds(6 * 3600)
        ) {
            self.images = images
            self.time = time
            self.concurrency = concurrency
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
            return try await attempt(job.repository, kind, token: token, cursor: cursor)
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

    private func attempt(
        _ place: RepositoryPlace,
        _ kind: SweepKind,
        token: Int,
        cursor: String?
    ) async throws -> WorkOutcome {
        let client = await access.ecr(place.registry)
        let contents = try await RepositoryLister(client: client, place: place, scope: scope).contents()
        let stored = Dictionary(
            try await store.images(in: place).map { ($0.judged.image.place.digest, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        let rest = contents.entries.filter { $0.image.place.digest.rawValue > cursor ?? "" }
        var tally = earlierTally(kind, contents, stored, before: cursor)
        if let last = try await work(through: rest, kind, stored, client, token, &tally) {
            return .continues(cursor: last.image.place.digest.rawValue)
        }
        for (kind, count) in contents.artifacts { tally.add(kind.rawValue, count) }
        tally.add("out_of_scope", contents.outOfScope)
        tally.add("beyond_limit", contents.beyondLimit)
        tally.add("removed", try await removeVanished(stored, listed: contents, token: token))
        let judged = JudgedRepository(
            place: place,
            imagesBeyondLimit: contents.beyondLimit,
            imagesOutOfScope: contents.outOfScope
        )
        try await store.put(judged, token: token)
        return .completed(tally)
    }

    /// What earlier attempts at the same job did, for the sweep counts a job once, when it is over.
    private func earlierTally(
        _ kind: SweepKind,
        _ contents: RepositoryContents,
        _ stored: [ImageDigest: StoredImage],
        before cursor: String?
    ) -> Tally {
        var tally = Tally()
        for entry in contents.entries where entry.image.place.digest.rawValue <= cursor ?? "" {
            switch kind {
            case .scan: tally.add("images")
            case .collect:
                if let known = stored[entry.image.place.digest] { tally.count(known.judged.coverage) }
            }
        }
        return tally
    }

    /// Works through entries in portions until the attempt's bounds are reached; answers the last entry done where some
    /// are left.
    private func work(
        through entries: [RepositoryContents.Entry],
        _ kind: SweepKind,
        _ stored: [ImageDigest: StoredImage],
        _ client: AWSClient,
        _ token: Int,
        _ tally: inout Tally
    ) async throws -> RepositoryContents.Entry? {
        let deadline = ContinuousClock.now + bounds.time
        var done = 0
        while done < entries.count {
            let portion = Array(entries[done..<min(done + Self.portion, entries.count)])
            switch kind {
            case .collect: try await collect(portion, stored, client, token, &tally)
            case .scan: try await scan(portion, stored, client, token, &tally)
            }
            done += portion.count
            if done < entries.count && (done >= bounds.images || .now >= deadline) { return portion.last }
        }
        return nil
    }

    /// Images between two looks at the clock.
    private static let portion = 50

    private func collect(
        _ entries: [RepositoryContents.Entry],
        _ stored: [ImageDigest: StoredImage],
        _ client: AWSClient,
        _ token: Int,
        _ tally: inout Tally
    ) async throws {
        let collector = ImageCollector(client: client, store: store, token: token)
        let results = try await entries.mapConcurrently(limit: bounds.concurrency) { entry in
            try await collector.collect(entry, over: stored[entry.image.place.digest])
        }
        for result in results {
            switch result {
            case .judged(let coverage, let outcome):
                tally.count(coverage)
                if outcome == .written { tally.add("written") }
            case .gone: tally.add("vanished")
            }
        }
    }

    private func scan(
        _ entries: [RepositoryContents.Entry],
        _ stored: [ImageDigest: StoredImage],
        _ client: AWSClient,
        _ token: Int,
        _ tally: inout Tally
    ) async throws {
        let starter = ScanStarter(client: client, store: store, token: token, now: now())
        let results = try await entries.mapConcurrently(limit: bounds.concurrency) { entry in
            try await starter.start(entry, over: stored[entry.image.place.digest])
        }
        for result in results {
            tally.add("images")
            switch result {
            case .started: tally.add("scans_started")
            case .recent: tally.add("scans_recent")
            case .closed: tally.add("scans_impossible")
            case .enhanced: tally.add("scans_by_inspector")
            case .gone: tally.add("vanished")
            }
        }
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
