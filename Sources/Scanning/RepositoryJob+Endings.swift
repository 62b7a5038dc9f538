internal import Domain
internal import FindingStore
internal import RegistryAccess
internal import Support

/// How a job ends when its repository is gone, or when AWS or the store refuses.
extension RepositoryJob {
    /// Removes a deleted repository and its images from the store.
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

    /// Decides how an error of AWS or the store ends the attempt.
    func refused(
        _ lease: Lease,
        _ error: any Error,
        _ throttledFor: Duration
    ) async throws -> AttemptOutcome {
        // Discovery enqueued the job because it saw the region on.
        switch AccessFailure(error, isRegionOn: true) {
        case .retryable(.throttled(let delay)):
            if throttledFor < bounds.patience { return .again(after: delay, reason: "\(error)", consumesTry: false) }
            let hours = throttledFor.components.seconds / 3600
            let reason = "AWS throttled every attempt for \(hours) hours, the last with: \(error)"
            return try await close(lease, Coverage(.throttled, reason: reason))
        case .retryable:
            // Recorded at once, because this may be the last attempt and the worker may die; a successful attempt
            // clears it.
            let failed = Coverage(.failed, reason: "not finished yet: \(AccessFailure.reason(error))")
            try await record(.refused(failed), lease)
            return .again(after: nil, reason: "\(error)", consumesTry: true)
        case .permanent(let coverage) where coverage.state == .accessDenied:
            return try await close(lease, coverage)
        case .permanent(let coverage):
            try await record(.refused(coverage), lease)
            return .discarded(reason: coverage.reason ?? "\(error)")
        }
    }

    /// Records the state of the repository as a whole.
    func record(_ observation: RepositoryObservation, _ lease: Lease) async throws {
        try await store.record(observation, of: lease.place, by: lease.kind, token: lease.token)
    }

    /// Completes the job with a gap; the store holds the reason.
    private func close(_ lease: Lease, _ coverage: Coverage) async throws -> AttemptOutcome {
        try await record(.refused(coverage), lease)
        var tally = JobCounters()
        tally.countObstacle()
        return .completed(tally)
    }

    /// Retries the job if the store fails while the job's end is recorded.
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
