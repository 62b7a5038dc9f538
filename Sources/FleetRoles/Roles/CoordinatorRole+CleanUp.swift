internal import EventLoop
internal import JobQueue
internal import Logging
internal import Observability
internal import Support

/// The leader's clean-up: expired leases, crashed and expired dead letters, abandoned sweeps.
extension CoordinatorRole {
    /// Reclaims expired leases once a second, until cancelled; workers do so too, but the only worker may be dead.
    func reclaimExpired() async throws {
        while true {
            do {
                _ = try await assembly.queue.claim(worker: assembly.instance, limit: 0)
            } catch let error where error.dispositionOrPermanent.isRetryable {
                assembly.logger.debug("nothing can be brought back, trying again", metadata: .init(error))
            }
            try await assembly.loop.sleep(for: .seconds(1))
        }
    }

    /// Cleans up dead letters and abandoned sweeps once a minute, until cancelled.
    func cleanUp(_ fence: Fence) async throws {
        while true {
            do {
                try await replayCrashed()
                try await deleteExpired()
                try await cancelAbandoned(fence)
            } catch let error where error.dispositionOrPermanent.isRetryable {
                assembly.logger.warning("the queue could not be tidied, trying again", metadata: .init(error))
            }
            try await assembly.loop.sleep(for: .seconds(60))
        }
    }

    /// Replays dead letters that only worker crashes caused; each call reads one page, until all are read.
    private func replayCrashed() async throws {
        var last: String?
        repeat {
            let page = try await assembly.queue.replayCrashed(after: last)
            if page.replayed > 0 {
                assembly.logger.notice("crashed jobs tried again", metadata: .init([.count: page.replayed]))
            }
            last = page.last
        } while last != nil
    }

    /// Deletes old dead letters whose sweep has expired, so that they can no longer be replayed.
    private func deleteExpired() async throws {
        var last: String?
        repeat {
            let page = try await assembly.queue.dropExpired(after: last)
            if page.dropped > 0 {
                assembly.logger.info("dead letters of expired sweeps dropped", metadata: .init([.count: page.dropped]))
            }
            last = page.last
        } while last != nil
    }

    private func cancelAbandoned(_ fence: Fence) async throws {
        for sweep in SweepStart.abandoned(among: try await assembly.sweepRegistry.sweeps(), at: Assembly.now()) {
            assembly.logger.warning("sweep that nobody enqueues any more cancelled", metadata: .init([.sweep: sweep]))
            try await assembly.sweepRegistry.cancel(sweep, fence: fence)
        }
    }
}
