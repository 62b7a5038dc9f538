internal import AWSCore
internal import Discovery
internal import Domain
internal import FindingStore
internal import JobQueue
internal import Logging
internal import Observability

/// Starts one sweep: opens it, walks the organization, enqueues what it finds, and closes it.
struct SweepStarter: Sendable {
    let assembly: Assembly

    /// Enqueues everything in `scope`; a second run of the same sweep adds what the first had not reached, and nothing else.
    func start(
        _ id: SweepID,
        scope: DiscoveryScope,
        priority: QueuePriority,
        fence: Fence?
    ) async throws -> DiscoverySummary {
        let queue = assembly.queue
        var scope = scope
        scope.leavesOutInspected = id.kind == .scan
        _ = try await queue.open(id.rawValue, priority: priority, fence: fence)
        let discoverer = Discoverer(
            organization: await assembly.organization(),
            access: assembly.access,
            ledger: assembly.store.ledger,
            homeRegion: assembly.settings.aws.region
        )
        let summary = try await discoverer.discover(scope, logger: assembly.logger) { places in
            let jobs = places.map { ScanJob(sweep: id, repository: $0) }.map {
                QueuedJob(bucket: $0.bucket, payload: $0.payload)
            }
            guard !jobs.isEmpty else { return }
            _ = try await queue.enqueue(jobs, in: id.rawValue, fence: fence)
        }
        try await assembly.store.put(
            SweepRecord(
                id: id,
                accounts: summary.accounts,
                registries: summary.registries,
                repositories: summary.repositories,
                refusedPlaces: summary.gaps
            )
        )
        try await queue.close(id.rawValue, fence: fence)
        assembly.logger.info(
            "sweep enqueued",
            metadata: .init([.sweep: id, .sweepJobs: summary.repositories - summary.inspected, .count: summary.gaps])
        )
        return summary
    }
}

extension FindingStore {
    /// The store as discovery sees it.
    var ledger: DiscoveryLedger {
        DiscoveryLedger(
            record: { try await put($0) },
            recordRegistry: { try await put($0) },
            knownRegistries: { try await registries() },
            knownAccounts: { try await accounts() },
            knownRepositories: { try await repositories(in: $0).map(\.place) }
        )
    }
}
