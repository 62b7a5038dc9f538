internal import AWSCore
internal import Discovery
internal import Domain
internal import FindingStore
internal import JobQueue
internal import Logging
internal import Observability
internal import Retry

/// Starts one sweep: opens it, walks the organization, enqueues what it finds, and closes it.
struct SweepStarter: Sendable {
    let assembly: Assembly

    /// Redis restarted or failed over again and again while one sweep was enqueued.
    struct Unsettled: Classified, CustomStringConvertible {
        var disposition: Disposition { .transient }
        var description: String {
            "Redis changed during each of \(SweepStarter.attempts) attempts at enqueuing the sweep"
        }
    }

    private static let attempts = 3

    /// Enqueues everything in `scope`; a second run of the same sweep adds what the first had not reached, and nothing else.
    ///
    /// Where Redis restarts or fails over meanwhile, it begins anew: what Redis was told last may be lost.
    func start(
        _ id: SweepID,
        scope: DiscoveryScope,
        priority: QueuePriority,
        fence: Fence?
    ) async throws -> DiscoverySummary {
        for _ in 1...Self.attempts {
            let run = try await assembly.queue.serverRun()
            let summary = try await fill(id, scope: scope, priority: priority, fence: fence)
            guard try await assembly.queue.close(id.rawValue, fence: fence, run: run) else {
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
        let queue = assembly.queue
        // Without a leadership of its own it writes as the present leader would, so that neither shuts out the other.
        let leader = if let fence { fence.number } else { try await queue.newestLeader(of: CoordinatorRole.role) }
        var scope = scope
        scope.leavesOutInspected = id.kind == .scan
        _ = try await queue.open(id.rawValue, priority: priority, fence: fence)
        let discoverer = Discoverer(
            organization: await assembly.organization(),
            access: assembly.access,
            ledger: assembly.store.ledger(leader, fence),
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
        try await assembly.store.put(record, fence: leader).check(fence)
        return summary
    }
}

extension FindingStore {
    /// The store as discovery sees it that writes on behalf of a leader.
    fileprivate func ledger(_ leader: Int, _ fence: Fence?) -> DiscoveryLedger {
        DiscoveryLedger(
            record: { try await put($0, fence: leader).check(fence) },
            recordRegistry: { try await put($0, fence: leader).check(fence) },
            knownRegistries: { try await registries() },
            knownAccounts: { try await accounts() },
            knownRepositories: { try await repositories(in: $0) },
            leaveOut: { try await record(.refused($1), of: $0, by: .collect, token: nil) },
            leaveToInspector: { try await record(.leftToOthers, of: $0, by: .scan, token: nil) }
        )
    }
}

extension WriteOutcome {
    /// A leader that has been followed by another has to stop; a person's work is only older than what is there.
    fileprivate func check(_ fence: Fence?) throws(QueueError) {
        if let fence, self == .stale { throw .fenced(role: fence.role) }
    }
}
