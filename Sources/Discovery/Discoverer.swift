package import AWSCore
internal import AWSServices
internal import Concurrency
package import Domain
package import Logging
internal import Observability
package import RegistryAccess
internal import Retry
internal import Synchronization

/// Walks organization → accounts → regions → repositories and hands out the repositories as it finds them.
///
/// A place that refuses is written down with the reason and never stops the others; a failure to write it down does stop
/// the walk, because a gap that nobody recorded would look like health.
package struct Discoverer: Sendable {
    private let organization: AWSClient
    private let access: RegistryAccess
    private let ledger: DiscoveryLedger
    private let homeRegion: RegionName

    /// Lists accounts through `organization`, whose credentials are the management account's or a delegated
    /// administrator's; `homeRegion` is where global services are asked.
    package init(organization: AWSClient, access: RegistryAccess, ledger: DiscoveryLedger, homeRegion: RegionName) {
        self.organization = organization
        self.access = access
        self.ledger = ledger
        self.homeRegion = homeRegion
    }

    /// Hands every repository in `scope` to `emit`, in batches; those that the store still holds but ECR lists no more
    /// are handed out too, so that a worker can prove that they are gone.
    ///
    /// - Throws: what listing the organization, the ledger or `emit` throws.
    package func discover(
        _ scope: DiscoveryScope,
        logger: Logger,
        emit: @escaping @Sendable ([RepositoryPlace]) async throws -> Void
    ) async throws -> DiscoverySummary {
        let listing = try await AccountLister(organization: organization).accounts(in: scope)
        let walk = Walk(
            scope: scope,
            logger: logger,
            accounts: Set(try await ledger.knownAccounts()),
            registries: Set(try await ledger.knownRegistries()),
            emit: emit
        )
        let summary = Mutex(DiscoverySummary())
        let strangers = (scope.accounts.only ?? []).subtracting(listing.chosen.map(\.id)).sorted()
        summary.withLock { $0.strangers = strangers }
        try await listing.chosen.forEachConcurrently(limit: 8) { account in
            try await explore(account, walk, summary)
        }
        try await recordDepartures(from: listing, walk)
        return summary.withLock { $0 }
    }

    /// What is the same for the whole of one discovery.
    private struct Walk: Sendable {
        var scope: DiscoveryScope
        var logger: Logger
        /// As the store holds them: what is the same is not written again.
        var accounts: Set<JudgedAccount>
        var registries: Set<JudgedRegistry>
        var emit: @Sendable ([RepositoryPlace]) async throws -> Void
    }

    // MARK: Accounts

    /// Marks accounts that the store knows and nobody looks at any more; their images stay, labelled, and are not clean.
    private func recordDepartures(from listing: AccountLister.Listing, _ walk: Walk) async throws {
        guard walk.scope.accounts.only == nil else { return }
        let chosen = Set(listing.chosen.map(\.id))
        for known in walk.accounts where !chosen.contains(known.account.id) {
            let isMember = listing.all.contains(known.account.id)
            let reason =
                isMember ? "the configuration leaves the account out" : "the account is no longer in the organization"
            let gone = Coverage(.accountInactive, reason: reason)
            try await record(JudgedAccount(account: known.account, obstacle: gone), walk)
        }
    }

    private func record(_ account: JudgedAccount, _ walk: Walk) async throws {
        if !walk.accounts.contains(account) { try await ledger.record(account) }
    }

    private func record(_ registry: JudgedRegistry, _ walk: Walk) async throws {
        if !walk.registries.contains(registry) { try await ledger.recordRegistry(registry) }
    }

    private func explore(
        _ account: Account,
        _ walk: Walk,
        _ summary: borrowing Mutex<DiscoverySummary>
    ) async throws {
        let plan: RegionPlan
        do {
            plan = try await regions(of: account, walk.scope)
        } catch let stop as AccountObstacle {
            let facts: Logger.Metadata = .init([.accountID: account.id, .reason: stop.coverage.reason ?? ""])
            walk.logger.warning("account not looked at", metadata: facts)
            let judged = JudgedAccount(account: account, obstacle: stop.coverage)
            try await record(judged, walk)
            summary.withLock { $0.note(judged) }
            return
        }
        let judged = JudgedAccount(account: account)
        try await record(judged, walk)
        summary.withLock { $0.note(judged) }
        for region in plan.off {
            let off = Coverage(.regionOff, reason: "the region is switched off in the account")
            let registry = JudgedRegistry(registry: Registry(account: account.id, region: region), obstacle: off)
            try await record(registry, walk)
            summary.withLock { $0.note(registry, repositories: 0) }
        }
        for region in plan.enabled {
            let (seen, count) = try await explore(Registry(account: account.id, region: region), walk, summary)
            try await record(seen, walk)
            summary.withLock { $0.note(seen, repositories: count) }
            guard let reason = seen.obstacle?.reason else { continue }
            let facts: Logger.Metadata = .init([.accountID: account.id, .region: region, .reason: reason])
            walk.logger.warning("registry not looked at", metadata: facts)
        }
    }

    // MARK: Regions

    /// Says why an account is not looked into.
    private struct AccountObstacle: Error {
        var coverage: Coverage
    }

    private func regions(of account: Account, _ scope: DiscoveryScope) async throws -> RegionPlan {
        guard account.state == .active else {
            throw AccountObstacle(
                coverage: Coverage(.accountInactive, reason: "the account's state is \(account.state.rawValue)")
            )
        }
        do {
            return RegionPlan(scope.regions, states: try await regionStates(of: account.id))
        } catch let error as AWSServiceError where error.operation == "ListRegions" && !error.disposition.isRetryable {
            // A list of ours needs no list of theirs, nor the permission for it; a region that is off will say so itself.
            if case .listed = scope.regions { return RegionPlan(scope.regions, states: nil) }
            throw AccountObstacle(coverage: Obstacle(error).coverage(for: error))
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw AccountObstacle(coverage: Obstacle(error).coverage(for: error))
        }
    }

    private func regionStates(of account: AccountID) async throws -> [RegionName: String] {
        let client = await access.account(account, region: homeRegion)
        var states: [RegionName: String] = [:]
        for page in try await client.allPages(AWSAccount.ListRegions(MaxResults: 50)) {
            for region in page.Regions ?? [] {
                guard let name = region.RegionName, let state = region.RegionOptStatus else { continue }
                states[RegionName(rawValue: name)] = state
            }
        }
        return states
    }

    // MARK: Repositories

    private func explore(
        _ registry: Registry,
        _ walk: Walk,
        _ summary: borrowing Mutex<DiscoverySummary>
    ) async throws -> (JudgedRegistry, repositories: Int) {
        let listing = try await list(registry)
        let places = listing.names.filter(walk.scope.includes).map { RepositoryPlace(registry: registry, name: $0) }
        if walk.scope.leavesOutInspected, listing.scanType == "ENHANCED" {
            summary.withLock { $0.inspected += places.count }
        } else {
            try await hand(out: places, listing, registry, walk)
        }
        let judged = JudgedRegistry(registry: registry, obstacle: listing.obstacle, scanType: listing.scanType)
        return (judged, places.count)
    }

    private func hand(
        out places: [RepositoryPlace],
        _ listing: Listing,
        _ registry: Registry,
        _ walk: Walk
    ) async throws {
        try await walk.emit(places)
        guard listing.obstacle == nil else { return }
        // Only a complete listing says that what it lacks is gone.
        let known = try await ledger.knownRepositories(registry).filter { walk.scope.includes($0.name) }
        try await walk.emit(Set(known).subtracting(places).sorted { $0.name < $1.name })
    }

    private struct Listing {
        var names: [RepositoryName] = []
        var scanType: String?
        var obstacle: Coverage?
    }

    /// Lists what it can; an obstacle says that there may be more.
    private func list(_ registry: Registry) async throws -> Listing {
        let client = await access.ecr(registry)
        var listing = Listing()
        do {
            let configuration = try await client.send(ECR.GetRegistryScanningConfiguration())
            listing.scanType = configuration.scanningConfiguration?.scanType
            let pages = try await client.allPages(ECR.DescribeRepositories(maxResults: 1000))
            listing.names = pages.flatMap { $0.repositories ?? [] }.compactMap(\.repositoryName)
                .map(RepositoryName.init(rawValue:))
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            listing.obstacle = Obstacle(error).coverage(for: error)
        }
        return listing
    }
}
