internal import AWSCore
internal import AWSServices
package import Domain
package import FindingStore
package import Logging
internal import Observability
package import RegistryAccess
internal import Support

/// Runs one job: starts the scans of a repository's images or reads their findings, within bounds.
package struct RepositoryJob: Sendable {
    /// How much one attempt may do, so that a worker can be drained quickly.
    package struct Bounds: Hashable, Sendable {
        /// About how many images one attempt handles; the next attempt continues at a cursor.
        package var images: Int
        /// About how long one attempt may take.
        package var time: Duration
        /// How many images of one attempt are handled at once.
        package var concurrency: Int
        /// How many scans the fleet starts in one registry in 24 hours; AWS allows 100,000.
        package var scansPerDay: Int
        /// How long AWS may throttle every attempt before this sweep gives the repository up.
        package var patience: Duration
        /// How long after its start a scan sweep's job waits for scans to come due; zero disables waiting.
        package var scanHorizon: Duration

        /// Sets the bounds; the defaults are the design's.
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

    /// Calls ECR through `access` and writes to `store`; `now` gives seconds since 1970.
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

    /// Runs one attempt under the fencing token of its lease.
    ///
    /// `throttledFor` is how long AWS had throttled all attempts when this one began.
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
            // The queue delays the job; no worker slot is held meanwhile.
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
            // Time spent waiting for scans does not count as throttling.
            let waited = progress.cursor.notBefore.map { Duration.seconds(max(0, time - $0)) }
            return try await deciding { try await refused(lease, error, min(throttledFor, waited ?? throttledFor)) }
        }
    }

    // MARK: The usual way

    /// The job and the fencing token of its writes.
    struct Lease: Sendable {
        let job: ScanJob
        let kind: SweepKind
        let token: Int

        var place: RepositoryReference { job.repository }
    }

    private func attempt(_ lease: Lease, _ progress: JobProgress) async throws -> AttemptOutcome {
        let place = lease.place
        let client = await access.ecr(place.registry)
        // Read before ECR is called: another run may write something newer than the listing meanwhile.
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

    /// Removes stored images that this attempt's complete listing does not contain.
    ///
    /// An image that exists but is out of scope is first stored as out of scope; the next sweep removes it.
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
