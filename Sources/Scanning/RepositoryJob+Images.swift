internal import Domain
internal import FindingStore
internal import Support

/// Processes the images of an attempt, portion by portion.
extension RepositoryJob {
    /// How many images are processed between two checks of the clock.
    private static let portion = 50

    /// Processes entries until the attempt's bounds are reached; returns how many are done.
    func work(through entries: [RepositoryContents.Entry], _ attempt: inout Attempt) async throws -> Int {
        let deadline = ContinuousClock.now + bounds.time
        let round = attempt.lease.kind == .scan ? try await round(entries, attempt) : nil
        var done = 0
        while done < entries.count {
            let portion = Array(entries[done..<min(done + Self.portion, entries.count)])
            if let round {
                try await scan(portion, round, &attempt)
            } else {
                try await collect(portion, &attempt)
            }
            done += portion.count
            if done >= bounds.images || .now >= deadline { break }
        }
        return done
    }

    // MARK: Collect

    private func collect(_ entries: [RepositoryContents.Entry], _ attempt: inout Attempt) async throws {
        let collector = ImageCollector(client: attempt.client, store: store, token: attempt.lease.token)
        let stored = attempt.stored
        let results = try await entries.mapConcurrently(limit: bounds.concurrency) { entry in
            (entry, try await collector.collect(entry, over: stored[entry.image.place.digest]))
        }
        var troubled: [Attempt.FailedImage] = []
        for (entry, result) in results {
            switch result {
            case .stored(let coverage, let outcome, let isUnderWay):
                if entry.coverage == nil { attempt.note(nil) }
                if outcome == .written { attempt.progress.tally.add(.written) }
                // If another run wrote the image meanwhile, it is re-checked: the store cannot know which run read ECR
                // later.
                let isOpen = isUnderWay || outcome == .stale
                if isOpen, attempt.progress.queueRecheck(entry.image.place.digest) { continue }
                attempt.progress.tally.count(coverage)
            case .gone: attempt.progress.tally.add(.vanished)
            case .troubled(let trouble, let cause):
                attempt.note(trouble)
                troubled.append((entry, trouble, cause))
            }
        }
        try attempt.checkForOutage(troubled)
        for (entry, trouble, _) in troubled where !attempt.progress.queueRecheck(entry.image.place.digest) {
            _ = try await collector.settle(entry, as: trouble.coverage, over: stored[entry.image.place.digest])
            attempt.progress.tally.count(trouble.coverage)
        }
    }

    // MARK: Scan

    private func scan(
        _ entries: [RepositoryContents.Entry],
        _ round: ScanBatch,
        _ attempt: inout Attempt
    ) async throws {
        var troubled: [Attempt.FailedImage] = []
        for ended in try await round.start(entries) {
            if case .troubled(let trouble, let cause) = ended.result {
                attempt.note(trouble)
                troubled.append((ended.entry, trouble, cause))
            } else {
                if ended.wasAsked { attempt.note(nil) }
                attempt.count(ended.result)
            }
        }
        try attempt.checkForOutage(troubled)
        for (entry, trouble, _) in troubled where !attempt.progress.queueRecheck(entry.image.place.digest) {
            let stored = attempt.stored[entry.image.place.digest]
            attempt.count(try await round.starter.refuse(entry, trouble.coverage, over: stored))
        }
    }

    private func round(_ entries: [RepositoryContents.Entry], _ attempt: Attempt) async throws -> ScanBatch {
        let token = attempt.lease.token
        var round = ScanBatch(
            starter: ScanStarter(client: attempt.client, store: store, token: token, now: attempt.planTime),
            store: store,
            registry: attempt.lease.place.registry,
            stored: attempt.stored,
            limit: bounds.scansPerDay,
            concurrency: bounds.concurrency
        )
        try await round.choose(among: entries)
        return round
    }
}
