package import AWSCore
internal import AWSServices
package import Domain
package import Logging
internal import Observability
package import RegistryAccess
internal import Support
internal import Synchronization

/// Lists organization → accounts → regions → repositories and emits the repositories as it finds them.
///
/// A refusal by an account or a registry is recorded with its reason and never stops the others. A failure to record it
/// does stop the discovery, because an unrecorded gap would look like health.
package struct Discoverer: Sendable {
    private let organization: AWSClient
    let access: RegistryAccess
    let inventory: InventoryStore
    private let homeRegion: RegionName
    let sleep: @Sendable (Duration) async throws -> Void

    /// Lists accounts through `organization`, whose credentials are the management account's or a delegated
    /// administrator's; `homeRegion` is where global services are asked.
    package init(
        organization: AWSClient,
        access: RegistryAccess,
        inventory: InventoryStore,
        homeRegion: RegionName,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.sleep = sleep
        self.organization = organization
        self.access = access
        self.inventory = inventory
        self.homeRegion = homeRegion
    }

    /// Passes every repository in `scope` to `emit`, in batches.
    ///
    /// Repositories that the store still holds but ECR no longer lists are emitted too, so that a worker can verify
    /// that they are gone.
    ///
    /// - Throws: the errors of listing the organization, of the inventory and of `emit`.
    package func discover(
        _ scope: DiscoveryScope,
        logger: Logger,
        emit: @escaping @Sendable ([RepositoryReference]) async throws -> Void
    ) async throws -> DiscoverySummary {
        let listing = try await AccountLister(organization: organization).accounts(in: scope)
        let context = DiscoveryContext(
            scope: scope,
            logger: logger,
            accounts: Set(try await inventory.knownAccounts()),
            registries: Dictionary(grouping: try await inventory.knownRegistries(), by: \.registry.account),
            emit: emit
        )
        let summary = Mutex(DiscoverySummary())
        let throttled = Mutex<[RegistryTarget]>([])
        let unknownAccounts = (scope.accounts.only ?? []).subtracting(listing.chosen.map(\.id)).sorted()
        summary.withLock { $0.unknownAccounts = unknownAccounts }
        try await listing.chosen.forEachConcurrently(limit: 8) { account in
            let late = try await explore(account, context, summary)
            throttled.withLock { $0 += late }
        }
        try await retryThrottled(throttled.withLock { $0 }, context, summary)
        try await recordRemovals(from: listing, context)
        return summary.withLock { $0 }
    }

    /// The inputs that all accounts of one discovery share.
    struct DiscoveryContext: Sendable {
        var scope: DiscoveryScope
        var logger: Logger
        /// As the store holds them, and `registries` too: an unchanged status is not written again.
        var accounts: Set<AccountStatus>
        var registries: [AccountID: [RegistryStatus]]
        var emit: @Sendable ([RepositoryReference]) async throws -> Void
    }

    // MARK: Accounts

    /// Marks stored accounts that are no longer scanned; their images stay stored, and the report does not call them
    /// clean.
    private func recordRemovals(from listing: AccountLister.Listing, _ context: DiscoveryContext) async throws {
        guard context.scope.accounts.only == nil else { return }
        let chosen = Set(listing.chosen.map(\.id))
        for known in context.accounts where !chosen.contains(known.account.id) {
            let isMember = listing.all.contains(known.account.id)
            let reason =
                isMember ? "the configuration leaves the account out" : "the account is no longer in the organization"
            let gone = Coverage(.accountInactive, reason: reason)
            try await record(AccountStatus(account: known.account, obstacle: gone), context)
        }
    }

    private func record(_ account: AccountStatus, _ context: DiscoveryContext) async throws {
        if !context.accounts.contains(account) { try await inventory.record(account) }
    }

    func record(_ registry: RegistryStatus, _ context: DiscoveryContext) async throws {
        let known = context.registries[registry.registry.account] ?? []
        if !known.contains(registry) { try await inventory.recordRegistry(registry) }
    }

    /// Lists an account's registries; returns the throttled ones, which are asked again later.
    private func explore(
        _ account: Account,
        _ context: DiscoveryContext,
        _ summary: borrowing Mutex<DiscoverySummary>
    ) async throws -> [RegistryTarget] {
        let plan: RegionPlan
        do {
            plan = try await regions(of: account, context.scope)
        } catch let stop as AccountFailure {
            let facts: Logger.Metadata = .init([.accountID: account.id, .reason: stop.coverage.reason ?? ""])
            context.logger.warning("account not listed", metadata: facts)
            let status = AccountStatus(account: account, obstacle: stop.coverage)
            try await record(status, context)
            summary.withLock { $0.note(status) }
            return []
        }
        let status = AccountStatus(account: account)
        try await record(status, context)
        summary.withLock { $0.note(status) }
        for region in plan.off {
            let registry = Registry(account: account.id, region: region)
            let off = RegistryStatus(registry: registry, obstacle: RegionPlan.switchedOff)
            try await record(off, context)
            summary.withLock { $0.note(off, repositories: 0) }
        }
        try await recordRemovals(from: plan, of: account.id, context, summary)
        var throttled: [RegistryTarget] = []
        for region in plan.enabled {
            let registry = Registry(account: account.id, region: region)
            let target = RegistryTarget(registry: registry, isRegionOn: plan.isConfirmed)
            if try await !perform(target, isLast: false, context, summary) { throttled.append(target) }
        }
        return throttled
    }

    /// Marks stored registries that this discovery does not list; their images stay stored, with the reason.
    private func recordRemovals(
        from plan: RegionPlan,
        of account: AccountID,
        _ context: DiscoveryContext,
        _ summary: borrowing Mutex<DiscoverySummary>
    ) async throws {
        guard !context.scope.isNarrowed else { return }
        for known in context.registries[account] ?? [] {
            guard let removal = plan.removal(of: known.registry.region) else { continue }
            let status = RegistryStatus(registry: known.registry, obstacle: removal, scanType: known.scanType)
            try await record(status, context)
            // A region excluded by configuration is no gap, and a registry without repositories hides nothing.
            guard removal.state != .outOfScope, try await !inventory.knownRepositories(known.registry).isEmpty else {
                continue
            }
            summary.withLock { $0.note(status, repositories: 0) }
        }
    }

    // MARK: Regions

    /// The reason why an account's regions are not listed.
    private struct AccountFailure: Error {
        var coverage: Coverage
    }

    private func regions(of account: Account, _ scope: DiscoveryScope) async throws -> RegionPlan {
        guard account.state == .active else {
            throw AccountFailure(
                coverage: Coverage(.accountInactive, reason: "the account's state is \(account.state.rawValue)")
            )
        }
        do {
            return RegionPlan(scope.regions, states: try await regionStates(of: account.id))
        } catch let error as AWSServiceError where error.operation == "ListRegions" && !error.disposition.isRetryable {
            // A configured region list needs neither the account's own list nor the permission to read it; a region
            // that is off is found when it is called.
            if case .listed = scope.regions { return RegionPlan(scope.regions, states: nil) }
            throw AccountFailure(coverage: AccessFailure(error).coverage(for: error))
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw AccountFailure(coverage: AccessFailure(error).coverage(for: error))
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
}
