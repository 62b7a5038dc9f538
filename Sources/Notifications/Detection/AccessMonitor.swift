internal import Domain

/// Decides when to compare access obstacles with the announced ones, and of which registries to read the repositories.
struct AccessMonitor {
    /// The least time between two queries for the sweeps, in seconds.
    var distance: Double = 2

    /// The announced obstacles by account; nil where they must be read from the store first.
    var announced: [AccountID: AnnouncedObstacles]?
    private var changed: Set<Registry>
    private var lookedAfter: SweepID?
    private var askedAt = -Double.infinity

    /// Begins with registries that may have changed since an earlier run.
    init(_ registries: [Registry] = []) { changed = Set(registries) }

    mutating func note(_ registries: some Sequence<Registry>) { changed.formUnion(registries) }

    mutating func isTimeToAsk(at now: Double) -> Bool {
        guard now - askedAt >= distance else { return false }
        askedAt = now
        return true
    }

    /// Whether to compare now: a collect sweep ended or changed something since the last comparison, and none is
    /// running.
    ///
    /// A running sweep may still undo the obstacle that a failed attempt wrote.
    func isTimeToLook(_ sweepActivity: SweepActivity) -> Bool {
        sweepActivity.hasCollected && !sweepActivity.isCollecting
            && (!changed.isEmpty || sweepActivity.lastCompleted != lookedAfter)
    }

    mutating func takeChanged() -> Set<Registry> {
        defer { changed = [] }
        return changed
    }

    mutating func didLook(after sweepActivity: SweepActivity) { lookedAfter = sweepActivity.lastCompleted }
}

/// The current obstacles of an account, its registries and its repositories, as far as they were read.
struct AccessSnapshot {
    private var seen: [AccessScope: Coverage?] = [:]
    /// Registries all of whose repositories were read.
    private var listed: Set<Registry> = []

    /// Adds the state of a place; nil where it is accessible.
    mutating func add(_ place: AccessScope, _ obstacle: Coverage?) { seen[place] = .some(obstacle) }

    mutating func add(_ repositories: [RepositoryStatus], of registry: Registry) {
        listed.insert(registry)
        for repository in repositories { add(.repository(repository.place), repository.obstacleToAnnounce) }
    }

    /// The places to announce: newly blocked, blocked with another state, or accessible again.
    ///
    /// A passing obstacle (`waiting`, `throttled`) is never announced.
    func changes(since announced: AnnouncedObstacles) -> [(place: AccessScope, obstacle: Coverage?)] {
        seen.compactMap { place, obstacle in
            if let obstacle, obstacle.isPassing || obstacle.state == announced.obstacles[place]?.state { return nil }
            if obstacle == nil && announced.obstacles[place] == nil { return nil }
            return (place, obstacle)
        }
    }

    /// Repositories with an announced obstacle that do not exist any more; they are dropped without a notification.
    func gone(from announced: AnnouncedObstacles) -> [AccessScope] {
        announced.obstacles.keys.filter { place in
            guard case .repository(let repository) = place else { return false }
            return listed.contains(repository.registry) && seen[place] == nil
        }
    }
}

extension Coverage {
    /// Whether the organization switched the place off itself; that is announced only if images there were judged
    /// before.
    var isOnPurpose: Bool { state == .regionOff || state == .accountInactive }
}

extension AccountStatus {
    /// The obstacle that blocks the whole account.
    var obstacleToAnnounce: Coverage? { obstacle }
}

extension RegistryStatus {
    /// The obstacle that blocks the whole registry.
    var obstacleToAnnounce: Coverage? { obstacle }
}

extension RepositoryStatus {
    /// The obstacle that blocks the repository's images.
    var obstacleToAnnounce: Coverage? { obstacle }
}
