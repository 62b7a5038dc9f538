internal import AWSCore
package import Discovery
package import Domain
internal import FindingStore
package import JobQueue
internal import Logging
internal import Observability
internal import Support

/// Starts one sweep: opens it, discovers the organization's repositories, enqueues a job for each, and closes it.
package struct SweepEnqueuer: Sendable {
    let assembly: Assembly

    /// Keeps the parts; nothing is read before `start`.
    package init(assembly: Assembly) { self.assembly = assembly }

    /// Redis restarted or failed over during every attempt at enqueuing one sweep.
    struct Unsettled: Classified, CustomStringConvertible {
        var disposition: Disposition { .transient }
        var description: String {
            "Redis changed during each of \(SweepEnqueuer.attempts) attempts at enqueuing the sweep"
        }
    }

    private static let attempts = 3

    /// Enqueues everything in `scope`; repeating it for the same sweep adds only the jobs that are missing.
    ///
    /// When Redis restarts or fails over meanwhile, it enqueues again, because Redis may have lost its latest writes.
    ///
    /// `fence` is nil for an ad-hoc sweep. Throws `QueueError.fenced` when a newer leader exists, `CommandFailure` when
    /// the table would refuse an ad-hoc sweep's writes, and `Unsettled`, which may be retried, after three attempts.
    package func start(
        _ id: SweepID,
        scope: DiscoveryScope,
        priority: QueuePriority,
        fence: Fence?
    ) async throws -> DiscoverySummary {
        for _ in 1...Self.attempts {
            let run = try await assembly.sweepRegistry.serverRun()
            let summary = try await fill(id, scope: scope, priority: priority, fence: fence)
            guard try await assembly.sweepRegistry.close(id.rawValue, fence: fence, run: run) else {
                assembly.logger.warning("Redis changed, enqueuing again", metadata: .init([.sweep: id]))
                continue
            }
            assembly.logger.info(
                "sweep enqueued",
                metadata: .init([
                    .sweep: id, .sweepJobs: summary.repositories - summary.inspected, .count: summary.gaps,
                ])
            )
            return summary
        }
        throw Unsettled()
    }

    private func fill(
        _ id: SweepID,
        scope: DiscoveryScope,
        priority: QueuePriority,
        fence: Fence?
    ) async throws -> DiscoverySummary {
        let (queue, leaderLease) = (assembly.queue, assembly.leaderLease)
        // An ad-hoc sweep writes under the present leader's number, so that neither fences out the other.
        let leader = if let fence { fence.number } else { try await leaderLease.newestLeader(of: CoordinatorRole.role) }
        var scope = scope
        scope.leavesOutInspected = id.kind == .scan
        _ = try await assembly.sweepRegistry.open(id.rawValue, priority: priority, fence: fence)
        let discoverer = Discoverer(
            organization: await assembly.organization(),
            access: assembly.access,
            inventory: inventory(leader, fence),
            homeRegion: assembly.settings.aws.region
        )
        let summary = try await discoverer.discover(scope, logger: assembly.logger) { places in
            let jobs = places.map { ScanJob(sweep: id, repository: $0) }.map {
                QueuedJob(bucket: $0.bucket, payload: $0.payload)
            }
            guard !jobs.isEmpty else { return }
            _ = try await queue.enqueue(jobs, in: id.rawValue, fence: fence)
        }
        let record = SweepRecord(
            id: id,
            accounts: summary.accounts,
            registries: summary.registries,
            repositories: summary.repositories,
            refusedPlaces: summary.gaps
        )
        try await check(try await assembly.store.put(record, fence: leader), leader, fence)
        return summary
    }

    /// Discovery's view of the store, which writes under the number of `leader`.
    private func inventory(_ leader: Int, _ fence: Fence?) -> InventoryStore {
        let store = assembly.store
        return InventoryStore(
            record: { try await check(try await store.put($0, fence: leader), leader, fence) },
            recordRegistry: { try await check(try await store.put($0, fence: leader), leader, fence) },
            knownRegistries: { try await store.registries() },
            knownAccounts: { try await store.accounts() },
            knownRepositories: { try await store.repositories(in: $0) },
            leaveOut: { try await store.record(.refused($1), of: $0, by: .collect, token: nil) },
            leaveToInspector: { try await store.record(.leftToOthers, of: $0, by: .scan, token: nil) }
        )
    }

    /// Decides what a stale write means: the table already holds a newer leader's record.
    ///
    /// A leader stops, because another one leads. For an ad-hoc sweep a stale write is harmless if a leader was elected
    /// since. If none was, Redis was reset and counts from a lower number: the table would refuse every write.
    private func check(_ outcome: WriteOutcome, _ leader: Int, _ fence: Fence?) async throws {
        guard outcome == .stale else { return }
        if let fence { throw QueueError.fenced(role: fence.role) }
        guard try await assembly.leaderLease.newestLeader(of: CoordinatorRole.role) == leader else { return }
        throw CommandFailure(
            [
                "the table was written by a coordinator that Redis does not know any more, so what this sweep sees "
                    + "would be refused: start a coordinator, if only for a moment, and then this again"
            ],
            status: .failure
        )
    }
}
