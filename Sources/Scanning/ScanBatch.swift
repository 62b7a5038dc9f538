internal import Domain
internal import FindingStore
internal import Support
internal import Synchronization

/// Starts the due scans of one attempt, as far as the registry's budget of the day goes.
struct ScanBatch: Sendable {
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
    ///
    /// - Throws: what stands in the way of the whole repository; what was not started by then is given back.
    func start(_ entries: [RepositoryContents.Entry]) async throws -> [Ended] {
        let due = entries.filter(isDue)
        let wanted = due.filter { chosen?.contains($0.image.place.digest) ?? true }
        let granted = try await store.takeScans(wanted.count, of: registry, limit: limit)
        let first = ScanBudget.first(granted, of: wanted)
        let tries = try await attempt(due.filter { first.contains($0.image.place.digest) })
        let unused = granted - tries.count(where: hasUsedOne)
        // In a task of its own: an attempt that was told to stop gives them back all the same.
        try await Task { [store, registry] in try await store.giveBackScans(unused, to: registry) }.value
        let asked = try tries.map { Ended(entry: $0.entry, result: try $0.result.get(), wasAsked: true) }
        let late = try await each(due.filter { !first.contains($0.image.place.digest) }, starter.postpone)
        return asked + late + (try await each(entries.filter { !isDue($0) }, starter.start))
    }

    /// One entry with what came of it.
    struct Ended: Sendable {
        var entry: RepositoryContents.Entry
        var result: ScanStarter.Result
        /// Whether ECR was asked in this attempt.
        var wasAsked = false
    }

    private struct Try: Sendable {
        var entry: RepositoryContents.Entry
        var result: Result<ScanStarter.Result, any Error>
    }

    /// Asks until all are asked or an error stands in the way of all.
    private func attempt(_ due: [RepositoryContents.Entry]) async throws -> [Try] {
        guard let probe = due.first else { return [] }
        let first = await attempt(probe)
        switch first.result {
        case .failure: return [first]
        // Where Inspector scans, one refusal speaks for all.
        case .success(.enhanced): return due.map { Try(entry: $0, result: .success(.enhanced)) }
        case .success: break
        }
        let isOver = Mutex(false)
        let others = try await Array(due.dropFirst()).mapConcurrently(limit: concurrency) { entry -> Try? in
            guard !isOver.withLock({ $0 }) else { return nil }
            let ended = await attempt(entry)
            if case .failure = ended.result { isOver.withLock { $0 = true } }
            return ended
        }
        return [first] + others.compactMap { $0 }
    }

    private func attempt(_ entry: RepositoryContents.Entry) async -> Try {
        do {
            let result = try await starter.start(entry, over: stored[entry.image.place.digest])
            return Try(entry: entry, result: .success(result))
        } catch {
            return Try(entry: entry, result: .failure(error))
        }
    }

    /// A scan that somebody else started counts towards the same quota; one of ours was counted when it was started.
    private func hasUsedOne(_ ended: Try) -> Bool {
        switch ended.result {
        case .success(.started): return true
        case .success(.recent):
            let known = stored[ended.entry.image.place.digest]?.status.coverage
            return known?.isJudged != true && known?.state != .waiting
        default: return false
        }
    }

    private func each(
        _ entries: [RepositoryContents.Entry],
        _ body: @escaping @Sendable (RepositoryContents.Entry, StoredImage?) async throws -> ScanStarter.Result
    ) async throws -> [Ended] {
        try await entries.mapConcurrently(limit: concurrency) { [stored] entry in
            Ended(entry: entry, result: try await body(entry, stored[entry.image.place.digest]))
        }
    }

    private func isDue(_ entry: RepositoryContents.Entry) -> Bool {
        ScanPlan(entry, known: stored[entry.image.place.digest]?.status.coverage, now: starter.now) == .due
    }
}
