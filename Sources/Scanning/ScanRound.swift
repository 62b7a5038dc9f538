internal import Concurrency
internal import Domain
internal import FindingStore

/// Starts the due scans of one attempt, as far as the registry's budget of the day goes.
struct ScanRound: Sendable {
    let starter: ScanStarter
    let store: FindingStore
    let registry: Registry
    let stored: [ImageDigest: StoredImage]
    /// Scans that may be started in the registry in 24 hours.
    let limit: Int
    let concurrency: Int
    /// The due images that come first; nil where the budget is enough for all.
    private(set) var chosen: Set<ImageDigest>?

    /// Chooses among the entries of the whole attempt, so that what is in use comes before what sorts first.
    mutating func choose(among entries: [RepositoryContents.Entry]) async throws {
        let due = entries.filter(isDue)
        guard !due.isEmpty else { return }
        let left = try await store.scansLeft(in: registry, limit: limit)
        chosen = due.count > left ? ScanBudget.first(left, of: due) : nil
    }

    /// Deals with a portion of the entries; the results are in no order.
    func start(_ entries: [RepositoryContents.Entry]) async throws -> [ScanStarter.Result] {
        let due = entries.filter(isDue)
        let wanted = due.filter { chosen?.contains($0.image.place.digest) ?? true }
        let granted = try await store.takeScans(wanted.count, of: registry, limit: limit)
        let first = ScanBudget.first(granted, of: wanted)
        var results = try await each(entries.filter { !isDue($0) }, starter.start)
        results += try await each(due.filter { !first.contains($0.image.place.digest) }, starter.postpone)
        let started = try await start(due: due.filter { first.contains($0.image.place.digest) })
        // A scan that somebody else started counts towards the same quota.
        let used = started.count { $0 == .started || $0 == .recent }
        try await store.giveBackScans(granted - used, to: registry)
        return results + started
    }

    /// Where Inspector scans, one refusal speaks for all.
    private func start(due: [RepositoryContents.Entry]) async throws -> [ScanStarter.Result] {
        guard let probe = due.first else { return [] }
        let answer = try await starter.start(probe, over: stored[probe.image.place.digest])
        if answer == .enhanced { return due.map { _ in .enhanced } }
        return [answer] + (try await each(Array(due.dropFirst()), starter.start))
    }

    private func each(
        _ entries: [RepositoryContents.Entry],
        _ body: @escaping @Sendable (RepositoryContents.Entry, StoredImage?) async throws -> ScanStarter.Result
    ) async throws -> [ScanStarter.Result] {
        try await entries.mapConcurrently(limit: concurrency) { [stored] entry in
            try await body(entry, stored[entry.image.place.digest])
        }
    }

    private func isDue(_ entry: RepositoryContents.Entry) -> Bool {
        ScanPlan(entry, known: stored[entry.image.place.digest]?.judged.coverage, now: starter.now) == .due
    }
}
