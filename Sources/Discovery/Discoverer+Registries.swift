internal import AWSCore
internal import AWSServices
internal import Domain
internal import Logging
internal import Observability
internal import RegistryAccess
internal import Synchronization

/// Lists the registries of one discovery.
extension Discoverer {
    /// A registry whose repositories are to be listed.
    struct RegistryTarget: Sendable {
        var registry: Registry
        /// Whether the account's own region list says that the region is enabled.
        var isRegionOn: Bool
    }

    /// The waits before each of the two retries of throttled registries.
    private static let pauses: [Duration] = [.seconds(5), .seconds(20)]

    func retryThrottled(
        _ throttled: [RegistryTarget],
        _ context: DiscoveryContext,
        _ summary: borrowing Mutex<DiscoverySummary>
    ) async throws {
        var left = throttled
        for (number, pause) in Self.pauses.enumerated() where !left.isEmpty {
            try await sleep(pause)
            var again: [RegistryTarget] = []
            for target in left {
                let isLast = number == Self.pauses.count - 1
                if try await !perform(target, isLast: isLast, context, summary) { again.append(target) }
            }
            left = again
        }
    }

    /// Emits a registry's repositories and records its status; false if ECR throttled the listing and a retry is left.
    func perform(
        _ target: RegistryTarget,
        isLast: Bool,
        _ context: DiscoveryContext,
        _ summary: borrowing Mutex<DiscoverySummary>
    ) async throws -> Bool {
        let listing = try await list(target)
        if listing.obstacle?.state == .throttled, !isLast { return false }
        let registry = target.registry
        let places = listing.names.filter(context.scope.includes).map {
            RepositoryReference(registry: registry, name: $0)
        }
        if context.scope.leavesOutInspected, listing.scanType == "ENHANCED" {
            summary.withLock { $0.inspected += places.count }
            // An old reason why scans could not be started no longer applies: Inspector starts them now.
            for known in try await inventory.knownRepositories(registry) where known.scanObstacle != nil {
                try await inventory.leaveToInspector(known.place)
            }
        } else {
            try await hand(out: places, listing, registry, context)
        }
        let seen = RegistryStatus(registry: registry, obstacle: listing.obstacle, scanType: listing.scanType)
        try await record(seen, context)
        summary.withLock { $0.note(seen, repositories: places.count) }
        if let reason = seen.obstacle?.reason {
            let facts: Logger.Metadata = .init([
                .accountID: registry.account, .region: registry.region, .reason: reason,
            ])
            context.logger.warning("registry not listed", metadata: facts)
        }
        return true
    }

    private func hand(
        out places: [RepositoryReference],
        _ listing: Listing,
        _ registry: Registry,
        _ context: DiscoveryContext
    ) async throws {
        try await context.emit(places)
        guard listing.isComplete else { return }
        // Only a complete listing proves that a repository missing from it is gone.
        let known = try await inventory.knownRepositories(registry)
        let wanted = known.map(\.place).filter { context.scope.includes($0.name) }
        try await context.emit(Set(wanted).subtracting(places).sorted { $0.name < $1.name })
        guard !context.scope.isNarrowed else { return }
        for repository in known where !context.scope.includes(repository.place.name) {
            if repository.obstacle != Self.leftOut { try await inventory.leaveOut(repository.place, Self.leftOut) }
        }
    }

    private static let leftOut = Coverage(.outOfScope, reason: "the configuration leaves the repository out")

    private struct Listing {
        var names: [RepositoryName] = []
        var isComplete = false
        var scanType: String?
        /// Why the listing failed, or why the scan type is unknown beside a complete listing.
        var obstacle: Coverage?
    }

    private func list(_ target: RegistryTarget) async throws -> Listing {
        let client = await access.ecr(target.registry)
        var listing = Listing()
        do {
            do {
                let configuration = try await client.send(ECR.GetRegistryScanningConfiguration())
                listing.scanType = configuration.scanningConfiguration?.scanType
            } catch let error as AWSServiceError where error.isAccessDenied {
                // The scan type stays unknown, but the repositories can be listed.
                listing.obstacle = AccessFailure(error, isRegionOn: target.isRegionOn).coverage(for: error)
            }
            let pages = try await client.allPages(ECR.DescribeRepositories(maxResults: 1000))
            listing.names = pages.flatMap { $0.repositories ?? [] }.compactMap(\.repositoryName)
                .map(RepositoryName.init(rawValue:))
            listing.isComplete = true
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            listing.obstacle = AccessFailure(error, isRegionOn: target.isRegionOn).coverage(for: error)
        }
        return listing
    }
}
