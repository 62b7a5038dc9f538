internal import Domain
internal import FindingStore
internal import Support
internal import Synchronization

/// Starts the due scans of one attempt, within the registry's daily budget.
struct ScanBatch: Sendable {
    let starter: ScanStarter
    let store: FindingStore
    let registry: Registry
    let stored: [ImageDigest: StoredImage]
    /// How many scans may be started in the registry in 24 hours.
    let limit: Int
    let concurrency: Int
    /// The due images that the budget is spent on; nil if it is enough for all.
    private(set) var chosen: Set<ImageDigest>?

    /// Chooses among all entries of the attempt, so that images in use come before images whose digest sorts first.
    mutating func choose(among entries: [RepositoryContents.Entry]) async throws {
        let due = entries.filter(isDue)
        guard !due.isEmpty else { return }
        let left = try await store.scansLeft(in: registry, limit: limit)
        chosen = due.count > left ? ScanBudget.first(left, of: due) : nil
    }

    /// Starts the scans of a portion of the entries; the results are in no order.
    ///
    /// - Throws: an error that concerns the whole repository; scans not started by then are returned to the budget.
    func start(_ entries: [RepositoryContents.Entry]) async throws -> [Ended] {
        let due = entries.filter(isDue)
        let wanted = due.filter { chosen?.contains($0.image.place.digest) ?? true }
        let granted = try await store.takeScans(wanted.count, of: registry, limit: limit)
        let first = ScanBudget.first(granted, of: wanted)
        let tries = try await attempt(due.filter { first.contains($0.image.place.digest) })
        let unused = granted - tries.count(where: hasUsedOne)
        // In a task of its own, so that a cancelled attempt returns them too.
        try await Task { [store, registry] in try await store.giveBackScans(unused, to: registry) }.value
        let asked = try tries.map { Ended(entry: $0.entry, result: try $0.result.get(), wasAsked: true) }
        let late = try await each(due.filter { !first.contains($0.image.place.digest) }, starter.postpone)
        return asked + late + (try await each(entries.filter { !isDue($0) }, starter.start))
    }

    /// One entry and its result.
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

    /// Requests scans until all are requested or an error concerns the whole repository.
    private func attempt(_ due: [RepositoryContents.Entry]) async throws -> [Try] {
        guard let probe = due.first else { return [] }
        let first = await attempt(probe)
        switch first.result {
        case .failure: return [first]
        // If Inspector scans the registry, one refusal holds for all its images.
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

    /// Whether the scan used up quota: a scan started by others does; one of ours was counted when it was started.
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
