internal import AWSCore
internal import AWSServices
internal import AdminServer
package import Domain
internal import EventLoop
package import FindingStore
package import JobQueue
internal import Logging
internal import Notifications
internal import Observability
package import Reporting
internal import ServiceLifecycle

/// Leads or stands by; the leader reads the table's stream, announces changes, and writes the report.
struct AggregatorRole: Role {
    let name = "aggregator"
    private let assembly: Assembly

    init(assembly: Assembly) {
        self.assembly = assembly
    }

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            try await LeaderElection(assembly: assembly, role: name).run { fence in
                assembly.metrics.beginAggregatorCounters()
                defer { assembly.metrics.forget(MetricName.ofLeadingAggregator) }
                try await NotificationService(
                    assembly: assembly,
                    store: FencedStore(assembly.store, fence: fence.number)
                )
                .run(publishReport: publisher(fence))
            }
        }
    }

    func readiness() async -> AdminPages.Readiness { await assembly.redisReadiness() }

    private func publisher(_ fence: Fence) -> @Sendable (ReportScope) async throws -> Void {
        let (metrics, logger) = (assembly.metrics, assembly.logger)
        let report = report(fence)
        return { changed in
            let summary = try await report.publish(changed)
            metrics.increment(.reportsWritten)
            metrics.set(.reportLastSuccess, to: Assembly.now())
            logger.debug("report written", metadata: .init([.count: summary.images]))
            if summary.isHistoryDamaged {
                let reason = "history.json cannot be read: repair it, or move it away"
                logger.error("the report's history is not continued", metadata: .init([.reason: reason]))
            }
        }
    }

    private func report(_ fence: Fence) -> ReportBuilder<StoreReportSource, S3ReportStorage> {
        ReportBuilder(
            source: StoreReportSource(store: assembly.store, sweepRegistry: assembly.sweepRegistry),
            storage: S3ReportStorage(
                client: assembly.home,
                bucket: assembly.settings.report.bucket ?? "",
                prefix: assembly.settings.report.prefix,
                number: fence.number
            ),
            organization: assembly.settings.fleet,
            now: Assembly.now
        )
    }
}

/// The report's source: findings and coverage from the table, sweeps from Redis.
package struct StoreReportSource: ReportSource {
    let store: FindingStore
    let sweepRegistry: SweepRegistry

    /// Reads the table through `store` and the progress of sweeps through `sweepRegistry`.
    package init(store: FindingStore, sweepRegistry: SweepRegistry) {
        self.store = store
        self.sweepRegistry = sweepRegistry
    }

    /// Returns all accounts in the table, with the reason for those that could not be read.
    package func accounts() async throws -> [AccountStatus] { try await store.accounts() }
    /// Returns all registries in the table, with the reason for those that could not be read.
    package func registries() async throws -> [RegistryStatus] { try await store.registries() }
    /// Returns the repositories of one registry with their gaps, from the table.
    package func repositories(in registry: Registry) async throws -> [RepositoryStatus] {
        try await store.repositories(in: registry)
    }
    /// Streams the images of one registry from the table, so that memory does not grow with the registry.
    package func images(in registry: Registry) -> AsyncMapSequence<FindingStore.Images, SourceImage> {
        store.images(in: registry).map { SourceImage($0.status, fingerprint: $0.fingerprintAsRead) }
    }
    /// Returns those of the named images that the table holds; the others are missing from the result.
    package func images(at places: [ImageReference]) async throws -> [SourceImage] {
        try await store.images(at: places).values.map { SourceImage($0.status, fingerprint: $0.fingerprintAsRead) }
    }
    /// Calls `take` with each image of one registry and the fingerprint of its content.
    package func fingerprints(in registry: Registry, _ take: (ImageReference, String) -> Void) async throws {
        try await store.fingerprints(in: registry, take)
    }
    /// Returns title, description and links of these vulnerabilities, as far as the table holds them.
    package func vulnerabilities(_ ids: [String]) async throws -> [Vulnerability] {
        try await store.vulnerabilities(ids)
    }
    /// Returns the sweeps that have not expired, the newest first, with their completeness.
    package func sweeps() async throws -> [SweepState] {
        try await SweepRecords(store: store).states(try await sweepRegistry.sweeps())
    }
}

extension MetricRegistry {
    /// Creates the leader's counters with 0: Prometheus sees a first increase only of a counter that existed before.
    fileprivate func beginAggregatorCounters() {
        for name in [MetricName.reportsWritten, .messagesSent, .messagesFailed, .messagesSetAside] {
            increment(name, by: 0)
        }
        for stage in AggregatorEvent.Stage.allCases { increment(.stageFailures, [("stage", stage.rawValue)], by: 0) }
    }

    func count(_ event: AggregatorEvent) {
        switch event {
        case .reached(let at): set(.streamReached, to: at)
        case .followed(_, _, _, let lag?): set(.streamLag, to: lag)
        case .reported(let seconds): observe(.reportDuration, seconds: seconds)
        case .failed(let stage, _, _): increment(.stageFailures, [("stage", stage.rawValue)])
        default: break
        }
    }
}

extension MetricName {
    /// Gauges that only the leader exports; they are removed when it stops leading.
    fileprivate static var ofLeadingAggregator: [MetricName] {
        [.streamLag, .streamReached, .reportLastSuccess, .outboxMessages, .outboxOldest, .messagesAside]
    }
}
