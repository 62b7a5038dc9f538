internal import ChangeFeed
internal import Domain
internal import FindingStore

extension Aggregator {
    /// Writes change records of the dirty images, and turns due records into messages.
    ///
    /// - Returns: how long to wait before the next call; zero if more images are dirty.
    /// - Throws: the first failure; its images stay dirty.
    @discardableResult
    package func announce() async throws -> Duration {
        try await start()
        // Read the markers before any comparison: changes after a registry's summary must be announced.
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
        await effort.attempt { try await sendChanges() }
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
            // Some may be written although the response was lost, and would never be counted.
            areOpenFindingsKnown = false
            // Their records may be written too. A second comparison would find no change and never make them due.
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

    /// Sends the summary of registries that have none, once no collect sweep is running.
    ///
    /// After a summary in the middle of the first sweep, every image scanned later would be a notification of its own.
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
        // No image has a result yet: the changes of the sweep that scans them will ask for the summary again.
        guard summary.coverage.keys.contains(where: { !Coverage($0).isOutstanding }) else { return }
        let marker = baselineTracker.marker(for: account, adding: summary.regions)
        var outboxBatch = OutboxBatch(drafts: word(.baseline(summary), for: account))
        outboxBatch.marker = marker
        do { try await post(outboxBatch) } catch {
            // It is unknown whether the write succeeded.
            areMarkersKnown = false
            throw error
        }
        baselineTracker.didMark(marker)
        effects.observe(.baselined(summary))
    }

    /// Reads the markers of all summarised registries from the store again.
    func readMarkers() async throws {
        for marker in try await store.baselines() { baselineTracker.didMark(marker) }
    }

    /// Stores every image of a registry as announced, before the summary is sent.
    ///
    /// A crash between the two only repeats the summary; it never floods the room.
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
    /// Whether the image's findings were never read.
    fileprivate var isOutstanding: Bool { isPassing || state == .neverScanned }
}
