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
        var effort = BestEffort()
        for (repository, places) in pending.take(settings.batch).sorted(by: { $0.key.description < $1.key.description })
        {
            let isDone = await effort.attempt { try await note(places, in: repository) }
            if isDone { pending.settle(places) } else { pending.putBack(places) }
        }
        await effort.attempt { try await summarise() }
        await effort.attempt { try await reviewScope() }
        await effort.attempt { try await tell() }
        await effort.attempt { try await announceAccess() }
        await effort.attempt { try await reviewSuppressions() }
        if let failure = effort.failure { throw failure }
        return pending.count > 0 ? .zero : settings.pollInterval / 2
    }

    private func note(_ places: [ImageReference], in repository: RepositoryReference) async throws {
        guard baselineTracker.isMarked(repository.registry) else { return baselineTracker.want(repository.registry) }
        for start in stride(from: 0, to: places.count, by: settings.batch) {
            try await noteBatch(Array(places[start..<min(start + settings.batch, places.count)]))
        }
    }

    private func noteBatch(_ places: [ImageReference]) async throws {
        let current = try await store.images(at: places)
        let announced = try await store.announced(at: places)
        let now = effects.now()
        let announcedChanges = places.compactMap { place -> AnnouncedChange? in
            let before = announced[place]
            let difference = comparison.difference(current: current[place], announced: before, at: now)
            guard let update = difference.update.written else { return nil }
            let note = difference.change.map { ChangeRecord(at: now, repository: place.repository, image: $0) }
            return AnnouncedChange(update: update, replaced: before, note: note)
        }
        guard !announcedChanges.isEmpty else { return }
        do { try await store.write(announcedChanges) } catch {
            // Some may be written though the answer was lost, and would never be counted.
            areOpenFindingsKnown = false
            // Their notes would wait for the next one: who compares again finds nothing new in what was written.
            if announcedChanges.contains(where: { $0.note != nil }) { notes.didNote(at: now) }
            throw error
        }
        count(announcedChanges)
        let noted = announcedChanges.count { $0.note != nil }
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
        guard !baselineTracker.wanted.isEmpty else { return }
        let sweepActivity = try await sweepActivity()
        guard sweepActivity.hasCollected && !sweepActivity.isCollecting else { return }
        try await lookUp(baselineTracker.wanted.map(\.account))
        var effort = BestEffort()
        for (account, registries) in baselineTracker.takeWanted() {
            let isDone = await effort.attempt { try await summarise(account, registries) }
            if isDone { continue }
            for registry in registries { baselineTracker.want(registry) }
        }
        if let failure = effort.failure { throw failure }
    }

    private func summarise(_ account: AccountID, _ registries: [Registry]) async throws {
        var summary = AccountBaseline(account: account, accountName: context.names[account])
        for registry in registries { try await announceAll(of: registry, into: &summary) }
        // Nothing was looked at yet: the sweep that does look asks for the summary again, through its changes.
        guard summary.coverage.keys.contains(where: { !Coverage($0).isOutstanding }) else { return }
        let marker = baselineTracker.marker(for: account, adding: summary.regions)
        var outboxBatch = OutboxBatch(drafts: word(.baseline(summary), for: account))
        outboxBatch.marker = marker
        do { try await post(outboxBatch) } catch {
            // Whether it was written is not known.
            areMarkersKnown = false
            throw error
        }
        baselineTracker.didMark(marker)
        effects.observe(.baselined(summary))
    }

    /// Reads again which registries were summarised.
    func readMarkers() async throws {
        for marker in try await store.baselines() { baselineTracker.didMark(marker) }
    }

    /// Writes every image of a registry down as told, before anything is told: a crash between the two repeats the summary,
    /// and never floods the room.
    private func announceAll(of registry: Registry, into summary: inout AccountBaseline) async throws {
        areOpenFindingsKnown = false
        let now = effects.now()
        var gathered: [AnnouncedImage] = []
        for try await image in store.images(in: registry) {
            summary.add(image.status, threshold: settings.threshold) { finding in
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

extension ImageDifference.Update {
    fileprivate var written: AnnouncedChange.Update? {
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
