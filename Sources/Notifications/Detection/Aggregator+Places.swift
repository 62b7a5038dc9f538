internal import Domain
internal import FindingStore

extension Aggregator {
    /// Announces which accounts, registries and repositories became blocked or accessible, after the last collect
    /// sweep.
    func announceAccess() async throws {
        guard settings.routes.defaultRoom != nil, watch.isTimeToAsk(at: effects.now()) else { return }
        let sweepActivity = try await sweepActivity()
        guard watch.isTimeToLook(sweepActivity) else { return }
        let accounts = try await store.accounts()
        let registries = Dictionary(grouping: try await store.registries(), by: \.registry.account)
        try await lookUp(accounts.map(\.account.id))
        let changed = watch.takeChanged()
        var effort = BestEffort()
        for start in stride(from: 0, to: accounts.count, by: Self.accountsAtOnce) {
            let some = accounts[start..<min(start + Self.accountsAtOnce, accounts.count)]
            if await effort.attempt({ try await announceAccess(of: some, registries, changed) }) { continue }
            watch.note(changed.filter { registry in some.contains { $0.account.id == registry.account } })
            // It is unknown whether the write succeeded.
            watch.announced = nil
        }
        if let failure = effort.failure { throw failure }
        watch.didLook(after: sweepActivity)
    }

    /// As many accounts as fit into one transaction beside their messages.
    private static var accountsAtOnce: Int { 40 }

    /// Sends each room the changes of all its places together, because an outage affects many.
    private func announceAccess(
        of accounts: ArraySlice<AccountStatus>,
        _ registries: [AccountID: [RegistryStatus]],
        _ changed: Set<Registry>
    ) async throws {
        var announced = try await announced()
        var accessChanges: [AccessChangeGroup] = []
        for account in accounts {
            let id = account.account.id
            accessChanges += try await self.accessChanges(
                of: account,
                registries[id] ?? [],
                changed,
                &announced[orNothing: id]
            )
        }
        for (room, accessChanges) in Dictionary(grouping: accessChanges, by: \.group.room).sorted(by: {
            $0.key < $1.key
        }) {
            for accessChange in accessChanges {
                announced[orNothing: accessChange.group.account].note(accessChange.places, accessChange.group.obstacle)
            }
            // In one transaction with the messages, so that no message is written twice.
            var outboxBatch = OutboxBatch(drafts: effects.word(room, accessChanges.map { .access($0.change) }))
            outboxBatch.obstacles = Set(accessChanges.map(\.group.account)).sorted().map { announced[orNothing: $0] }
            try await post(outboxBatch)
            watch.announced = announced
        }
    }

    private func accessChanges(
        of account: AccountStatus,
        _ registries: [RegistryStatus],
        _ changed: Set<Registry>,
        _ announced: inout AnnouncedObstacles
    ) async throws -> [AccessChangeGroup] {
        let survey = try await survey(account, registries, changed, announced)
        announced.note(survey.gone(from: announced), nil)
        var accessChanges: [AccessChangeGroup] = []
        for (group, places) in groups(of: survey.changes(since: announced)) {
            var change = group.change(of: places)
            change.accountName = context.names[group.account]
            if group.obstacle != nil {
                for registry in registries { try await count(registry.registry, places, in: &change) }
            }
            if let obstacle = group.obstacle, obstacle.isOnPurpose, change.images == 0 { continue }
            accessChanges.append(AccessChangeGroup(group: group, places: places, change: change))
        }
        return accessChanges
    }

    private func announced() async throws -> [AccountID: AnnouncedObstacles] {
        if let announced = watch.announced { return announced }
        let read = try await store.announcedObstacles()
        let announced = Dictionary(read.map { ($0.account, $0) }, uniquingKeysWith: { first, _ in first })
        watch.announced = announced
        return announced
    }

    /// Reads the obstacles from the account down; below a blocked place nothing new is known.
    private func survey(
        _ account: AccountStatus,
        _ registries: [RegistryStatus],
        _ changed: Set<Registry>,
        _ announced: AnnouncedObstacles
    ) async throws -> AccessSnapshot {
        var survey = AccessSnapshot()
        let whole = AccessScope.account(account.account.id)
        survey.add(whole, account.obstacleToAnnounce)
        guard account.obstacleToAnnounce == nil else { return survey }
        for registry in registries {
            let place = AccessScope.registry(registry.registry)
            survey.add(place, registry.obstacleToAnnounce)
            let isFree = announced.obstacles[whole] != nil || announced.obstacles[place] != nil
            guard registry.obstacleToAnnounce == nil, isFree || changed.contains(registry.registry) else { continue }
            survey.add(try await store.repositories(in: registry.registry), of: registry.registry)
        }
        return survey
    }

    /// One access change and the places that it covers.
    private struct AccessChangeGroup {
        var group: Group
        var places: [AccessScope]
        var change: AccessChange
    }

    /// The key by which places are grouped into one access change.
    private struct Group: Hashable {
        var room: String
        var account: AccountID
        var region: RegionName?
        var isRepository: Bool
        var obstacle: Coverage?

        var sortKey: String { "\(room) \(region?.rawValue ?? "") \(isRepository) \(obstacle?.state.rawValue ?? "")" }

        func change(of places: [AccessScope]) -> AccessChange {
            let names = places.compactMap { place in
                if case .repository(let repository) = place { repository.name } else { nil }
            }
            return AccessChange(
                account: account,
                accountName: nil,
                region: region,
                repositories: names.sorted { $0.rawValue < $1.rawValue },
                obstacle: obstacle
            )
        }
    }

    /// Groups changes: repositories of one registry with the same obstacle become one access change.
    private func groups(of changes: [(place: AccessScope, obstacle: Coverage?)]) -> [(Group, [AccessScope])] {
        var groups: [Group: [AccessScope]] = [:]
        for (place, obstacle) in changes {
            let (region, isRepository, room): (RegionName?, Bool, String?) =
                switch place {
                case .account: (nil, false, room(for: place.account))
                case .registry(let registry): (registry.region, false, room(for: place.account))
                case .repository(let place):
                    (place.registry.region, true, grouping.room(of: place, context))
                }
            guard let room else { continue }
            let group = Group(
                room: room,
                account: place.account,
                region: region,
                isRepository: isRepository,
                obstacle: obstacle
            )
            groups[group, default: []].append(place)
        }
        return groups.sorted { $0.key.sortKey < $1.key.sortKey }.map { ($0.key, $0.value) }
    }

    /// Counts the images of a registry that lie in these places.
    private func count(_ registry: Registry, _ places: [AccessScope], in change: inout AccessChange) async throws {
        guard change.region == nil || change.region == registry.region else { return }
        let places = Set(places)
        for try await image in store.images(in: registry)
        where change.repositories.isEmpty || places.contains(.repository(image.place.repository)) {
            change.add(image.status)
        }
    }
}

extension AnnouncedObstacles {
    fileprivate mutating func note(_ places: [AccessScope], _ obstacle: Coverage?) {
        for place in places { obstacles[place] = obstacle }
    }
}

extension [AccountID: AnnouncedObstacles] {
    /// The announced obstacles of an account; empty where there are none.
    fileprivate subscript(orNothing account: AccountID) -> AnnouncedObstacles {
        get { self[account] ?? AnnouncedObstacles(account: account) }
        set { self[account] = newValue }
    }
}
