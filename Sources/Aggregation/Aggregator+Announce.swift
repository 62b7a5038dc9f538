internal import Domain
internal import FindingStore

extension Aggregator {
    /// Tells what is new of the images that are dirty.
    ///
    /// - Returns: how long to wait; zero where more is dirty.
    /// - Throws: the first failure; its images stay dirty.
    @discardableResult
    func announce() async throws -> Duration {
        try await start()
        var course = Course()
        await course.attempt { try await tellNotices() }
        for (repository, places) in ledger.take(settings.batch).sorted(by: { $0.key.description < $1.key.description })
        {
            let isDone = await course.attempt { try await announce(places, in: repository) }
            if isDone { ledger.settle(places) } else { ledger.putBack(places) }
        }
        await course.attempt { try await summarise() }
        if let failure = course.failure { throw failure }
        return ledger.count > 0 ? .zero : settings.pollInterval / 2
    }

    private func tellNotices() async throws {
        while let notice = notices.first {
            try await effects.deliver(notice)
            notices.removeFirst()
        }
    }

    private func announce(_ places: [ImagePlace], in repository: RepositoryPlace) async throws {
        guard desk.isMarked(repository.registry) else { return desk.want(repository.registry) }
        for start in stride(from: 0, to: places.count, by: settings.batch) {
            try await announceBatch(Array(places[start..<min(start + settings.batch, places.count)]), in: repository)
        }
    }

    private func announceBatch(_ places: [ImagePlace], in repository: RepositoryPlace) async throws {
        let current = try await store.images(at: places)
        let announced = try await store.announced(at: places)
        let verdicts = places.map { place in
            comparison.verdict(current: current[place], announced: announced[place])
        }
        let news = verdicts.compactMap(\.news)
        if !news.isEmpty {
            let name = try await name(of: repository.registry.account)
            try await effects.deliver(.images(RepositoryNews(place: repository, accountName: name, images: news)))
            effects.observe(.announced(repository, images: news.count))
        }
        for verdict in verdicts {
            switch verdict.update {
            case .none: break
            case .write(let image): try await store.announce(image, over: announced[image.place])
            case .forget(let image): try await store.forget(image)
            }
        }
    }

    // MARK: Baselines

    /// Summarises registries that were never announced, once no collect sweep writes into them any more.
    ///
    /// A summary in the middle of the first sweep would be followed by a message for every image that comes after it.
    private func summarise() async throws {
        guard !desk.wanted.isEmpty else { return }
        let glance = try await glance()
        guard glance.hasCollected && !glance.isCollecting else { return }
        var course = Course()
        for (account, registries) in desk.takeWanted() {
            let isDone = await course.attempt { try await summarise(account, registries) }
            if isDone { continue }
            for registry in registries { desk.want(registry) }
        }
        if let failure = course.failure { throw failure }
    }

    private func summarise(_ account: AccountID, _ registries: [Registry]) async throws {
        var summary = AccountBaseline(account: account, accountName: try await name(of: account))
        for registry in registries { try await announceAll(of: registry, into: &summary) }
        // Nothing was looked at yet: the sweep that does look asks for the summary again, through its changes.
        guard summary.coverage.keys.contains(where: { !Coverage($0).isOutstanding }) else { return }
        try await effects.deliver(.baseline(summary))
        let marker = desk.marker(for: account, adding: summary.regions)
        try await store.put(marker)
        desk.didMark(marker)
        effects.observe(.baselined(summary))
    }

    /// Writes every image of a registry down as told, before anything is told: a crash between the two repeats the summary,
    /// and never floods the room.
    private func announceAll(of registry: Registry, into summary: inout AccountBaseline) async throws {
        var gathered: [AnnouncedImage] = []
        for try await image in store.images(in: registry) {
            summary.add(image.judged, threshold: settings.threshold)
            gathered.append(AnnouncedImage(image))
            if gathered.count < settings.batch { continue }
            try await store.announce(gathered)
            gathered = []
        }
        try await store.announce(gathered)
    }

    /// The account's name, looked up again where it is unknown; nil where the organization has none.
    private func name(of account: AccountID) async throws -> String? {
        if names[account] == nil {
            for judged in try await store.accounts() where !judged.account.name.isEmpty {
                names[judged.account.id] = judged.account.name
            }
        }
        return names[account]
    }
}

extension Coverage {
    /// Whether nobody has looked at the image's findings yet.
    fileprivate var isOutstanding: Bool { isPassing || state == .neverScanned }
}
