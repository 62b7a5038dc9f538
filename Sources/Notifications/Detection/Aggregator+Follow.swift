internal import ChangeFeed
internal import Domain
internal import FindingStore

extension Aggregator {
    /// Reads one round of the stream and marks its images as dirty.
    ///
    /// - Returns: how long to wait before the next round; zero if the stream has more.
    @discardableResult
    package func follow() async throws -> Duration {
        try await start()
        let asked = effects.now()
        let round = try await changes.next()
        if let reached = round.isCaughtUp ? asked : round.newestAt { effects.observe(.reached(at: reached)) }
        if round.isCaughtUp { schedule.didCatchUp(asked: asked) }
        if let reason = round.gap { gap = Gap(reason: reason, isNews: true) }
        // Until a gap is bridged, checkpoints beyond it must not be stored: a restart would take them for complete.
        pending.note(
            round.images,
            checkpoint: gap == nil ? round.checkpoint : nil,
            changesReport: !round.repositories.isEmpty
        )
        if !(round.images.isEmpty && round.repositories.isEmpty) {
            let changed = ReportScope(images: round.images, repositories: round.repositories)
            schedule.didChange(changed, at: effects.now())
        }
        watch.note(round.repositories.map(\.registry))
        if round.records > 0 {
            let lag = round.newestAt.map { max(0, effects.now() - $0) }
            effects.observe(
                .followed(records: round.records, images: round.images.count, undone: pending.count, lag: lag)
            )
        }
        if let open = gap {
            try await bridge(open)
            pending.note([], checkpoint: round.checkpoint, changesReport: true)
        }
        try await saveCheckpoint(sparing: round.images.isEmpty)
        return round.isCaughtUp ? settings.pollInterval : .zero
    }

    /// Stores the latest checkpoint whose changes are all processed.
    ///
    /// A stored checkpoint is itself a record of the stream. With `sparing`, for rounds without images, it is stored at
    /// most once a minute.
    func saveCheckpoint(sparing: Bool) async throws {
        guard var checkpoint = pending.checkpointToSave else { return }
        let now = effects.now()
        if sparing && now - checkpointSavedAt < 60 { return }
        checkpoint.savedAt = now
        try await store.put(checkpoint)
        pending.didSave(checkpoint)
        checkpointSavedAt = now
    }

    /// Compares every stored image with its announced state, because the stream lost changes.
    private func bridge(_ open: Gap) async throws {
        var compared = 0
        var differing = 0
        if !areMarkersKnown { try await readMarkers() }
        let seen = Set(try await store.registries().map(\.registry))
        for registry in seen.union(baselineTracker.registries).sorted() {
            guard baselineTracker.isMarked(registry) else {
                baselineTracker.want(registry)
                continue
            }
            let (count, dirty) = try await difference(in: registry)
            compared += count
            differing += dirty.count
            pending.note(dirty, checkpoint: nil)
        }
        schedule.didChange(.everything, at: effects.now())
        watch.note(seen)
        if open.isNews {
            let bridged = StreamGap(reason: open.reason, compared: compared, differing: differing, at: effects.now())
            try await announceGap(bridged)
            effects.observe(.bridged(bridged))
        }
        gap = nil
    }

    /// Writes the notification of a gap before the gap counts as bridged.
    ///
    /// Its once-name holds the checkpoint before the gap: a restart from that checkpoint finds the same gap and does
    /// not announce it a second time.
    private func announceGap(_ gap: StreamGap) async throws {
        guard let room = settings.routes.defaultRoom else { return }
        try await post(OutboxBatch(drafts: effects.word(room, [.gap(gap)]), once: "gap after \(checkpointSavedAt)"))
    }

    /// Finds the images of a registry whose stored state differs from the announced one.
    private func difference(in registry: Registry) async throws -> (count: Int, dirty: [ImageReference]) {
        var announced: [ImageReference: AnnouncedDigest] = [:]
        for try await image in store.announced(in: registry) { announced[image.place] = AnnouncedDigest(image) }
        var dirty: [ImageReference] = []
        var count = 0
        for try await image in store.images(in: registry) {
            count += 1
            let digest = announced.removeValue(forKey: image.place)
            if digest?.matches(sameAs: image) != true { dirty.append(image.place) }
        }
        return (count + announced.count, dirty + announced.keys)
    }
}
