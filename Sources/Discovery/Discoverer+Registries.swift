internal import AWSCore
internal import AWSServices
internal import Domain
internal import Logging
internal import Observability
internal import RegistryAccess
internal import Synchronization

/// The registries of a walk.
extension Discoverer {
    /// A registry that is to be listed.
    struct Visit: Sendable {
        var registry: Registry
        /// Whether the account itself says that its region is on.
        var isRegionOn: Bool
    }

    /// How long to wait before throttled registries are asked again.
    private static let pauses: [Duration] = [.seconds(5), .seconds(20)]

    func visitAgain(
        _ throttled: [Visit],
        _ walk: Walk,
        _ summary: borrowing Mutex<DiscoverySummary>
    ) async throws {
        var left = throttled
        for (number, pause) in Self.pauses.enumerated() where !left.isEmpty {
            try await sleep(pause)
            var again: [Visit] = []
            for visit in left {
                let isLast = number == Self.pauses.count - 1
                if try await !perform(visit, isLast: isLast, walk, summary) { again.append(visit) }
            }
            left = again
        }
    }

    /// Hands out a registry's repositories and records what was seen; false where it was throttled and is asked again.
    func perform(
        _ visit: Visit,
        isLast: Bool,
        _ walk: Walk,
        _ summary: borrowing Mutex<DiscoverySummary>
    ) async throws -> Bool {
        let listing = try await list(visit)
        if listing.obstacle?.state == .throttled, !isLast { return false }
        let registry = visit.registry
        let places = listing.names.filter(walk.scope.includes).map { RepositoryPlace(registry: registry, name: $0) }
        if walk.scope.leavesOutInspected, listing.scanType == "ENHANCED" {
            summary.withLock { $0.inspected += places.count }
            // What kept scans from being started while ECR scanned by itself keeps nobody from anything now.
            for known in try await ledger.knownRepositories(registry) where known.scanObstacle != nil {
                try await ledger.leaveToInspector(known.place)
            }
        } else {
            try await hand(out: places, listing, registry, walk)
        }
        let seen = JudgedRegistry(registry: registry, obstacle: listing.obstacle, scanType: listing.scanType)
        try await record(seen, walk)
        summary.withLock { $0.note(seen, repositories: places.count) }
        if let reason = seen.obstacle?.reason {
            let facts: Logger.Metadata = .init([
                .accountID: registry.account, .region: registry.region, .reason: reason,
            ])
            walk.logger.warning("registry not looked at", metadata: facts)
        }
        return true
    }

    private func hand(
        out places: [RepositoryPlace],
        _ listing: Listing,
        _ registry: Registry,
        _ walk: Walk
    ) async throws {
        try await walk.emit(places)
        guard listing.isComplete else { return }
        // Only a complete listing says that what it lacks is gone.
        let known = try await ledger.knownRepositories(registry)
        let wanted = known.map(\.place).filter { walk.scope.includes($0.name) }
        try await walk.emit(Set(wanted).subtracting(places).sorted { $0.name < $1.name })
        guard !walk.scope.isNarrowed else { return }
        for repository in known where !walk.scope.includes(repository.place.name) {
            if repository.obstacle != Self.leftOut { try await ledger.leaveOut(repository.place, Self.leftOut) }
        }
    }

    private static let leftOut = Coverage(.outOfScope, reason: "the configuration leaves the repository out")

    private struct Listing {
        var names: [RepositoryName] = []
        var isComplete = false
        var scanType: String?
        /// What was refused, of the listing or beside it.
        var obstacle: Coverage?
    }

    private func list(_ visit: Visit) async throws -> Listing {
        let client = await access.ecr(visit.registry)
        var listing = Listing()
        do {
            do {
                let configuration = try await client.send(ECR.GetRegistryScanningConfiguration())
                listing.scanType = configuration.scanningConfiguration?.scanType
            } catch let error as AWSServiceError where error.isAccessDenied {
                // Who scans is then not known, but what there is can be listed.
                listing.obstacle = Obstacle(error, isRegionOn: visit.isRegionOn).coverage(for: error)
            }
            let pages = try await client.allPages(ECR.DescribeRepositories(maxResults: 1000))
            listing.names = pages.flatMap { $0.repositories ?? [] }.compactMap(\.repositoryName)
                .map(RepositoryName.init(rawValue:))
            listing.isComplete = true
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            listing.obstacle = Obstacle(error, isRegionOn: visit.isRegionOn).coverage(for: error)
        }
        return listing
    }
}
