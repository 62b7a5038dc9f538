internal import ChangeFeed
internal import Domain
internal import FindingStore

extension Aggregator {
    /// Notes what is new of the images that are dirty, and makes messages of notes when their time has come.
    ///
    /// - Returns: how long to wait; zero where more is dirty.
    /// - Throws: the first failure; its images stay dirty.
    @discardableResult
    package func announce() async throws -> Duration {
        try await start()
        // Before anything is compared, for what changes after its summary is news.
        if !areMarkersKnown { try await readMarkers() }
        areMarkersKnown = true
        var course = Course()
        for (repository, places) in ledger.take(settings.batch).sorted(by: { $0.key.description < $1.key.description })
        {
            let isDone = await course.attempt { try await note(places, in: repository) }
            if isDone { ledger.settle(places) } else { ledger.putBack(places) }
        }
        await course.attempt { try await summarise() }
        await course.attempt { try await reviewScope() }
        await course.attempt { try await tell() }
        await course.attempt { try await tellPlaces() }
        await course.attempt { try await reviewSuppressions() }
        if let failure = course.failure { throw failure }
        return ledger.count > 0 ? .zero : settings.pollInterval / 2
    }

    private func note(_ places: [ImagePlace], in repository: RepositoryPlace) async throws {
        guard desk.isMarked(repository.registry) else { return desk.want(repository.registry) }
        for start in stride(from: 0, to: places.count, by: settings.batch) {
            try await noteBatch(Array(places[start..<min(start + settings.batch, places.count)]))
        }
    }

    private func noteBatch(_ places: [ImagePlace]) async throws {
        let current = try await store.images(at: places)
        let announced = try await store.announced(at: places)
        let now = effects.now()
        let tellings = places.compactMap { place -> Telling? in
            let before = announced[place]
            let verdict = comparison.verdict(current: current[place], announced: before, at: now)
            guard let update = verdict.update.written else { return nil }
            let note = verdict.news.map { ChangeNote(at: now, repository: place.repository, image: $0) }
            return Telling(update: update, replaced: before, note: note)
        }
        guard !tellings.isEmpty else { return }
        do { try await store.write(tellings) } catch {
            // Some may be written though the answer was lost, and would never be counted.
            isStandingKnown = false
            // Their notes would wait for the next one: who compares again finds nothing new in what was written.
            if tellings.contains(where: { $0.note != nil }) { notes.didNote(at: now) }
            throw error
        }
        count(tellings)
        let noted = tellings.count { $0.note != nil }
        if noted > 0 {
            notes.didNote(at: now)
            effects.observe(.noted(images: noted))
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
        try await lookUp(desk.wanted.map(\.account))
        var course = Course()
        for (account, registries) in desk.takeWanted() {
            let isDone = await course.attempt { try await summarise(account, registries) }
            if isDone { continue }
            for registry in registries { desk.want(registry) }
        }
        if let failure = course.failure { throw failure }
    }

    private func summarise(_ account: AccountID, _ registries: [Registry]) async throws {
        var summary = AccountBaseline(account: account, accountName: surroundings.names[account])
        for registry in registries { try await announceAll(of: registry, into: &summary) }
        // Nothing was looked at yet: the sweep that does look asks for the summary again, through its changes.
        guard summary.coverage.keys.contains(where: { !Coverage($0).isOutstanding }) else { return }
        let marker = desk.marker(for: account, adding: summary.regions)
        var posting = Posting(drafts: word(.baseline(summary), for: account))
        posting.marker = marker
        do { try await post(posting) } catch {
            // Whether it was written is not known.
            areMarkersKnown = false
            throw error
        }
        desk.didMark(marker)
        effects.observe(.baselined(summary))
    }

    /// Reads again which registries were summarised.
    func readMarkers() async throws {
        for marker in try await store.baselines() { desk.didMark(marker) }
    }

    /// Writes every image of a registry down as told, before anything is told: a crash between the two repeats the summary,
    /// and never floods the room.
    private func announceAll(of registry: Registry, into summary: inout AccountBaseline) async throws {
        isStandingKnown = false
        let now = effects.now()
        var gathered: [AnnouncedImage] = []
        for try await image in store.images(in: registry) {
            summary.add(image.judged, threshold: settings.threshold) { finding in
                self.settings.suppressions.rule(for: finding, in: image.place.repository, at: now) != nil
            }
            gathered.append(AnnouncedImage(image))
            if gathered.count < settings.batch { continue }
            try await store.announce(gathered)
            gathered = []
        }
        try await store.announce(gathered)
    }
}

extension ImageVerdict.Update {
    fileprivate var written: Telling.Update? {
        switch self {
        case .none: nil
        case .write(let image): .write(image)
        case .forget: .forget
        }
    }
}

extension Coverage {
    /// Whether nobody has looked at the image's findings yet.
    fileprivate var isOutstanding: Bool { isPassing || state == .neverScanned }
}
