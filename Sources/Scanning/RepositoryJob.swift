internal import AWSCore
internal import AWSServices
package import Domain
package import FindingStore
package import Logging
internal import Observability
package import RegistryAccess
internal import Support

/// Does one job: starts the scans of a repository's images or reads their findings, within bounds.
package struct RepositoryJob: Sendable {
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
        /// For how long after it began a scan sweep's job waits for scans that come due; zero is not at all.
        package var scanHorizon: Duration

        /// Bounds with the design's defaults.
        package init(
            images: Int = 500,
            time: Duration = .seconds(60),
            concurrency: Int = 4,
            scansPerDay: Int = 100_000,
            patience: Duration = .seconds(6 * 3600),
            scanHorizon: Duration = .zero
        ) {
            self.images = images
            self.time = time
            self.concurrency = concurrency
            self.scansPerDay = scansPerDay
            self.patience = patience
            self.scanHorizon = scanHorizon
        }
    }

    private let access: RegistryAccess
    let store: FindingStore
    let bounds: Bounds
    private let scope: ImageScope
    let now: @Sendable () -> Double

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
    ) async throws -> AttemptOutcome {
        guard let kind = job.sweep.kind else { return .discarded(reason: "the sweep's kind is unknown") }
        let lease = Lease(job: job, kind: kind, token: token)
        let progress = JobProgress(cursor)
        let time = now()
        if let start = progress.cursor.notBefore, start > time {
            // The queue wakes the job; no slot is held meanwhile.
            return .again(after: .seconds(start - time), reason: "scans are under way", consumesTry: false)
        }
        do {
            return try await attempt(lease, progress)
        } catch let error as AWSServiceError where error.code == .repositoryNotFound {
            return try await deciding { try await remove(job.repository, token: token) }
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            logger.warning("repository not finished", metadata: .init(error))
            // A wait for scans is no throttling.
            let waited = progress.cursor.notBefore.map { Duration.seconds(max(0, time - $0)) }
            return try await deciding { try await refused(lease, error, min(throttledFor, waited ?? throttledFor)) }
        }
    }

    // MARK: The usual way

    /// The job under the token that fences its writes.
    struct Lease: Sendable {
        let job: ScanJob
        let kind: SweepKind
        let token: Int

        var place: RepositoryReference { job.repository }
    }

    private func attempt(_ lease: Lease, _ progress: JobProgress) async throws -> AttemptOutcome {
        let place = lease.place
        let client = await access.ecr(place.registry)
        // Read before ECR is asked: what another run writes meanwhile may be newer than the listing.
        let stored = Dictionary(
            try await store.images(in: place).map { ($0.status.image.place.digest, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        let contents = try await RepositoryLister(client: client, place: place, scope: scope).contents()
        var attempt = Attempt(lease: lease, client: client, stored: stored, progress: progress, now: now())
        let rest = attempt.choose(among: contents.entries)
        let done = try await work(through: rest, &attempt)
        if done < rest.count { return .continues(cursor: attempt.following(rest, done: done, now: now()).text) }
        if let again = attempt.progress.rechecking(now: now()) { return .continues(cursor: again.text) }
        let horizon = lease.job.sweep.isAdHoc ? .zero : bounds.scanHorizon
        if let later = attempt.awaiting(contents.entries, within: horizon) { return .continues(cursor: later.text) }
        return try await finish(contents, attempt)
    }

    private func finish(_ contents: RepositoryContents, _ attempt: Attempt) async throws -> AttemptOutcome {
        var tally = attempt.progress.tally
        for (kind, count) in contents.artifacts { tally.add(kind, count) }
        tally.add(Coverage.State.outOfScope, contents.outOfScope)
        tally.add(.beyondLimit, contents.beyondLimit)
        tally.add(.indexImagesMissing, contents.missingChildren)
        try await removeMissing(of: attempt, contents, &tally)
        let listed = RepositoryObservation.listed(beyondLimit: contents.beyondLimit, outOfScope: contents.outOfScope)
        try await record(listed, attempt.lease)
        return .completed(tally)
    }

    /// Removes what the complete listing of this attempt lacks.
    ///
    /// What it has outside the scope is there: that is said first, and the next sweep forgets it.
    private func removeMissing(
        of attempt: Attempt,
        _ contents: RepositoryContents,
        _ tally: inout JobCounters
    ) async throws {
        let token = attempt.lease.token
        let present = Set(contents.entries.map(\.image.place.digest))
        let rest = attempt.stored.filter { !present.contains($0.key) }.map(\.value)
        let counters = try await rest.mapConcurrently(limit: bounds.concurrency) { [store] image -> JobCounter? in
            guard let reason = contents.leftOut[image.place.digest] else {
                return try await store.remove(image, token: token) == .written ? .removed : nil
            }
            guard image.status.coverage.state == .outOfScope else {
                let leftOut = image.status.image.status(Coverage(.outOfScope, reason: reason.words(scope)))
                return try await store.put(leftOut, over: image, token: token) == .written ? .leftScope : nil
            }
            _ = try await store.remove(image, token: token)
            return nil
        }
        for counter in counters { if let counter { tally.add(counter) } }
    }
}
