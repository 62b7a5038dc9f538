/// An account of the organization, and what keeps the fleet from looking into it.
package struct AccountStatus: Hashable, Sendable {
    package var account: Account
    /// Why nothing of the account could be looked at; nil where nothing stands in the way.
    package var obstacle: Coverage?

    /// Joins an account with what stands in the way.
    package init(account: Account, obstacle: Coverage? = nil) {
        self.account = account
        self.obstacle = obstacle
    }
}

/// One account's ECR in one region, and what keeps the fleet from looking into it.
package struct RegistryStatus: Hashable, Sendable {
    package var registry: Registry
    /// Why nothing of the registry could be looked at; nil where nothing stands in the way.
    package var obstacle: Coverage?
    /// `BASIC` or `ENHANCED`, as the registry's scanning configuration says; nil while unknown.
    package var scanType: String?

    /// Joins a registry with what stands in the way.
    package init(registry: Registry, obstacle: Coverage? = nil, scanType: String? = nil) {
        self.registry = registry
        self.obstacle = obstacle
        self.scanType = scanType
    }
}

/// One repository, and what keeps the fleet from looking into it.
package struct RepositoryStatus: Hashable, Sendable {
    package var place: RepositoryReference
    /// Why its images could not be listed or read; nil where nothing stands in the way.
    package var obstacle: Coverage?
    /// Why the last scan sweep could not start the scans of its images; nil where nothing stood in the way.
    package var scanObstacle: Coverage?
    /// How many images the repository holds beyond the newest that are looked at; told, so that nobody takes them for clean.
    package var imagesBeyondLimit: Int
    /// How many images the configured tags leave out.
    package var imagesOutOfScope: Int

    /// Joins a repository with what stands in the way.
    package init(
        place: RepositoryReference,
        obstacle: Coverage? = nil,
        scanObstacle: Coverage? = nil,
        imagesBeyondLimit: Int = 0,
        imagesOutOfScope: Int = 0
    ) {
        self.place = place
        self.obstacle = obstacle
        self.scanObstacle = scanObstacle
        self.imagesBeyondLimit = imagesBeyondLimit
        self.imagesOutOfScope = imagesOutOfScope
    }

    /// Takes over what a job of `kind` saw; what a job of the other kind was refused stays.
    package mutating func take(_ observation: RepositoryObservation, by kind: SweepKind) {
        var own: Coverage?
        switch observation {
        case .refused(let coverage): own = coverage
        case .listed(let beyondLimit, let outOfScope):
            imagesBeyondLimit = beyondLimit
            imagesOutOfScope = outOfScope
        case .leftToOthers: break
        }
        switch kind {
        case .collect: obstacle = own
        case .scan: scanObstacle = own
        }
    }
}

/// What one job saw of its repository as a whole, or discovery in its place.
package enum RepositoryObservation: Hashable, Sendable {
    case listed(beyondLimit: Int, outOfScope: Int)
    case refused(Coverage)
    /// No job has to look, because others do the work: nothing stands in the way any more.
    case leftToOthers
}
