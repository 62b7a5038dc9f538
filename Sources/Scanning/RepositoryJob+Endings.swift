internal import Domain
internal import FindingStore
internal import RegistryAccess
internal import Support

/// How a job ends when its repository is gone, or when AWS or the store refuses.
extension RepositoryJob {
    /// Takes everything of a repository that is gone out of the store.
    func remove(_ place: RepositoryReference, token: Int) async throws -> AttemptOutcome {
        let images = try await store.images(in: place)
        try await images.forEachConcurrently(limit: bounds.concurrency) { image in
            _ = try await store.remove(image, token: token)
        }
        try await store.remove(place, token: token)
        var tally = JobCounters()
        tally.add(.removed, images.count)
        return .completed(tally)
    }

    /// Decides what a refusal by AWS or the store means for the job.
    func refused(
        _ lease: Lease,
        _ error: any Error,
        _ throttledFor: Duration
    ) async throws -> AttemptOutcome {
        // The job is there because discovery saw the region on.
        switch AccessFailure(error, isRegionOn: true) {
        case .passing(.throttled(let delay)):
            if throttledFor < bounds.patience { return .again(after: delay, reason: "\(error)", consumesTry: false) }
            let hours = throttledFor.components.seconds / 3600
            let reason = "AWS throttled every attempt for \(hours) hours, the last with: \(error)"
            return try await close(lease, Coverage(.throttled, reason: reason))
        case .passing:
            // Said at once, for this may be the last attempt, and a worker may die; the attempt that succeeds unsays it.
            let failed = Coverage(.failed, reason: "not finished yet: \(AccessFailure.reason(error))")
            try await record(.refused(failed), lease)
            return .again(after: nil, reason: "\(error)", consumesTry: true)
        case .lasting(let coverage) where coverage.state == .accessDenied:
            return try await close(lease, coverage)
        case .lasting(let coverage):
            try await record(.refused(coverage), lease)
            return .discarded(reason: coverage.reason ?? "\(error)")
        }
    }

    /// Writes down what was seen of the repository as a whole.
    func record(_ observation: RepositoryObservation, _ lease: Lease) async throws {
        try await store.record(observation, of: lease.place, by: lease.kind, token: lease.token)
    }

    /// Ends the job with a gap that the store explains.
    private func close(_ lease: Lease, _ coverage: Coverage) async throws -> AttemptOutcome {
        try await record(.refused(coverage), lease)
        var tally = JobCounters()
        tally.countObstacle()
        return .completed(tally)
    }

    /// A store that fails while an end is written down leaves the job undecided.
    func deciding(_ body: () async throws -> AttemptOutcome) async throws -> AttemptOutcome {
        do {
            return try await body()
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            return .again(after: nil, reason: "\(error)", consumesTry: error.dispositionOrPermanent == .permanent)
        }
    }
}
