internal import EventLoop
internal import JobQueue
internal import Logging
internal import Observability
internal import Support

/// What the leader does for jobs and sweeps that nobody else looks after.
extension CoordinatorRole {
    /// Reclaims the expired leases of dead workers, until cancelled: a fleet's only worker cannot do so for itself.
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

    /// Looks once a minute after dead letters and abandoned sweeps, until cancelled.
    func tidy(_ fence: Fence) async throws {
        while true {
            do {
                try await replayCrashed()
                try await forget()
                try await cancelAbandoned(fence)
            } catch let error where error.dispositionOrPermanent.isRetryable {
                assembly.logger.warning("the queue could not be tidied, trying again", metadata: .init(error))
            }
            try await assembly.loop.sleep(for: .seconds(60))
        }
    }

    /// Replays crashed jobs; the walk goes through all dead letters, a page a call.
    private func replayCrashed() async throws {
        var last: String?
        repeat {
            let walk = try await assembly.queue.replayCrashed(after: last)
            if walk.replayed > 0 {
                assembly.logger.notice("crashed jobs tried again", metadata: .init([.count: walk.replayed]))
            }
            last = walk.last
        } while last != nil
    }

    /// Drops the dead letters that nobody can replay any more.
    private func forget() async throws {
        var last: String?
        repeat {
            let walk = try await assembly.queue.dropExpired(after: last)
            if walk.dropped > 0 {
                assembly.logger.info("dead letters of expired sweeps dropped", metadata: .init([.count: walk.dropped]))
            }
            last = walk.last
        } while last != nil
    }

    private func cancelAbandoned(_ fence: Fence) async throws {
        for sweep in SweepStart.abandoned(among: try await assembly.sweepRegistry.sweeps(), at: Assembly.now()) {
            assembly.logger.warning("sweep that nobody enqueues any more cancelled", metadata: .init([.sweep: sweep]))
            try await assembly.sweepRegistry.cancel(sweep, fence: fence)
        }
    }
}
