internal import Domain

/// Which registries' repositories are to be asked for what is in the way, and what was told of it.
struct AccessMonitor {
    /// The least distance between two questions for the sweeps, in seconds.
    var distance: Double = 2

    /// What was told; nil where that is to be read from the store.
    var told: [AccountID: AnnouncedObstacles]?
    private var changed: Set<Registry>
    private var lookedAfter: SweepID?
    private var askedAt = -Double.infinity

    /// Begins with registries in which anything may have happened.
    init(_ registries: [Registry] = []) { changed = Set(registries) }

    mutating func note(_ registries: some Sequence<Registry>) { changed.formUnion(registries) }

    mutating func isTimeToAsk(at now: Double) -> Bool {
        guard now - askedAt >= distance else { return false }
        askedAt = now
        return true
    }

    /// Whether a collect sweep ended, or changed something, since the last look, and none is under way that might still
    /// take back what an attempt wrote.
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

/// What is in the way of an account's places now, as far as that was looked at.
struct AccessSnapshot {
    private var seen: [AccessScope: Coverage?] = [:]
    /// Registries all of whose repositories were seen.
    private var listed: Set<Registry> = []

    /// Remembers what was found of a place; nil where nothing is in the way.
    mutating func add(_ place: AccessScope, _ obstacle: Coverage?) { seen[place] = .some(obstacle) }

    mutating func add(_ repositories: [RepositoryStatus], of registry: Registry) {
        listed.insert(registry)
        for repository in repositories { add(.repository(repository.place), repository.obstacleToAnnounce) }
    }

    /// What is to be told: places newly obstructed, obstructed otherwise, or free again.
    ///
    /// What will pass by itself is none of them.
    func changes(since told: AnnouncedObstacles) -> [(place: AccessScope, obstacle: Coverage?)] {
        seen.compactMap { place, obstacle in
            if let obstacle, obstacle.isPassing || obstacle.state == told.obstacles[place]?.state { return nil }
            if obstacle == nil && told.obstacles[place] == nil { return nil }
            return (place, obstacle)
        }
    }

    /// Repositories that are gone, of which there is nothing more to tell.
    func gone(from told: AnnouncedObstacles) -> [AccessScope] {
        told.obstacles.keys.filter { place in
            guard case .repository(let repository) = place else { return false }
            return listed.contains(repository.registry) && seen[place] == nil
        }
    }
}

extension Coverage {
    /// Whether somebody of the organization switched the place off, which is news only where something was judged before.
    var isOnPurpose: Bool { state == .regionOff || state == .accountInactive }
}

extension AccountStatus {
    /// What keeps the fleet from the whole account.
    var obstacleToAnnounce: Coverage? { obstacle }
}

extension RegistryStatus {
    /// What keeps the fleet from the whole registry.
    var obstacleToAnnounce: Coverage? { obstacle }
}

extension RepositoryStatus {
    /// What keeps the fleet from the repository's images.
    var obstacleToAnnounce: Coverage? { obstacle }
}
