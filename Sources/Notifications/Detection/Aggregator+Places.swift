internal import Domain
internal import FindingStore

extension Aggregator {
    /// Tells which places are looked into no more, or again, as the last collect sweep left them.
    func tellPlaces() async throws {
        guard settings.routes.commonRoom != nil, watch.isTimeToAsk(at: effects.now()) else { return }
        let glance = try await glance()
        guard watch.isTimeToLook(glance) else { return }
        let accounts = try await store.accounts()
        let registries = Dictionary(grouping: try await store.registries(), by: \.registry.account)
        try await lookUp(accounts.map(\.account.id))
        let changed = watch.takeChanged()
        var course = Course()
        for start in stride(from: 0, to: accounts.count, by: Self.accountsAtOnce) {
            let some = accounts[start..<min(start + Self.accountsAtOnce, accounts.count)]
            if await course.attempt({ try await tellPlaces(of: some, registries, changed) }) { continue }
            watch.note(changed.filter { registry in some.contains { $0.account.id == registry.account } })
            // Whether it was written is not known.
            watch.told = nil
        }
        if let failure = course.failure { throw failure }
        watch.didLook(after: glance)
    }

    /// As many as one transaction holds beside their messages.
    private static var accountsAtOnce: Int { 40 }

    /// Tells each room of all its places together: an outage has many.
    private func tellPlaces(
        of accounts: ArraySlice<JudgedAccount>,
        _ registries: [AccountID: [JudgedRegistry]],
        _ changed: Set<Registry>
    ) async throws {
        var told = try await told()
        var tidings: [Tiding] = []
        for account in accounts {
            let id = account.account.id
            tidings += try await self.tidings(of: account, registries[id] ?? [], changed, &told[orNothing: id])
        }
        for (room, tidings) in Dictionary(grouping: tidings, by: \.group.room).sorted(by: { $0.key < $1.key }) {
            for tiding in tidings { told[orNothing: tiding.group.account].note(tiding.places, tiding.group.obstacle) }
            // Written with the messages, so that none is ever written twice.
            var posting = Posting(drafts: effects.word(room, tidings.map { .access($0.news) }))
            posting.obstacles = Set(tidings.map(\.group.account)).sorted().map { told[orNothing: $0] }
            try await post(posting)
            watch.told = told
        }
    }

    private func tidings(
        of account: JudgedAccount,
        _ registries: [JudgedRegistry],
        _ changed: Set<Registry>,
        _ told: inout ToldObstacles
    ) async throws -> [Tiding] {
        let survey = try await survey(account, registries, changed, told)
        told.note(survey.gone(from: told), nil)
        var tidings: [Tiding] = []
        for (group, places) in groups(of: survey.changes(since: told)) {
            var news = group.news(of: places)
            news.accountName = surroundings.names[group.account]
            if group.obstacle != nil {
                for registry in registries { try await count(registry.registry, places, in: &news) }
            }
            if let obstacle = group.obstacle, obstacle.isOnPurpose, news.images == 0 { continue }
            tidings.append(Tiding(group: group, places: places, news: news))
        }
        return tidings
    }

    private func told() async throws -> [AccountID: ToldObstacles] {
        if let told = watch.told { return told }
        let read = try await store.toldObstacles()
        let told = Dictionary(read.map { ($0.account, $0) }, uniquingKeysWith: { first, _ in first })
        watch.told = told
        return told
    }

    /// Looks from above: beneath a place that the fleet is kept from nothing new is known.
    private func survey(
        _ account: JudgedAccount,
        _ registries: [JudgedRegistry],
        _ changed: Set<Registry>,
        _ told: ToldObstacles
    ) async throws -> PlaceSurvey {
        var survey = PlaceSurvey()
        let whole = WatchedPlace.account(account.account.id)
        survey.add(whole, account.obstacleToTell)
        guard account.obstacleToTell == nil else { return survey }
        for registry in registries {
            let place = WatchedPlace.registry(registry.registry)
            survey.add(place, registry.obstacleToTell)
            let isFree = told.obstacles[whole] != nil || told.obstacles[place] != nil
            guard registry.obstacleToTell == nil, isFree || changed.contains(registry.registry) else { continue }
            survey.add(try await store.repositories(in: registry.registry), of: registry.registry)
        }
        return survey
    }

    /// A piece of news with the places that it tells of.
    private struct Tiding {
        var group: Group
        var places: [WatchedPlace]
        var news: AccessNews
    }

    /// What one piece of news is about.
    private struct Group: Hashable {
        var room: String
        var account: AccountID
        var region: RegionName?
        var isRepository: Bool
        var obstacle: Coverage?

        var sortKey: String { "\(room) \(region?.rawValue ?? "") \(isRepository) \(obstacle?.state.rawValue ?? "")" }

        func news(of places: [WatchedPlace]) -> AccessNews {
            let names = places.compactMap { place in
                if case .repository(let repository) = place { repository.name } else { nil }
            }
            return AccessNews(
                account: account,
                accountName: nil,
                region: region,
                repositories: names.sorted { $0.rawValue < $1.rawValue },
                obstacle: obstacle
            )
        }
    }

    /// Repositories of one registry with the same obstacle are one piece of news.
    private func groups(of changes: [(place: WatchedPlace, obstacle: Coverage?)]) -> [(Group, [WatchedPlace])] {
        var groups: [Group: [WatchedPlace]] = [:]
        for (place, obstacle) in changes {
            let (region, isRepository, room): (RegionName?, Bool, String?) =
                switch place {
                case .account: (nil, false, room(for: place.account))
                case .registry(let registry): (registry.region, false, room(for: place.account))
                case .repository(let place):
                    (place.registry.region, true, grouping.room(of: place, surroundings))
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
    private func count(_ registry: Registry, _ places: [WatchedPlace], in news: inout AccessNews) async throws {
        guard news.region == nil || news.region == registry.region else { return }
        let places = Set(places)
        for try await image in store.images(in: registry)
        where news.repositories.isEmpty || places.contains(.repository(image.place.repository)) {
            news.add(image.judged)
        }
    }
}

extension ToldObstacles {
    fileprivate mutating func note(_ places: [WatchedPlace], _ obstacle: Coverage?) {
        for place in places { obstacles[place] = obstacle }
    }
}

extension [AccountID: ToldObstacles] {
    /// What was told of an account, which may be nothing.
    fileprivate subscript(orNothing account: AccountID) -> ToldObstacles {
        get { self[account] ?? ToldObstacles(account: account) }
        set { self[account] = newValue }
    }
}
