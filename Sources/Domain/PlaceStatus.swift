/// An account of the organization, and the reason if it could not be read.
package struct AccountStatus: Hashable, Sendable {
    /// The account as AWS Organizations last listed it.
    package var account: Account
    /// Why no registry of the account could be read; nil if nothing blocks the account.
    package var obstacle: Coverage?

    /// Joins an account with its obstacle, if it has one.
    package init(account: Account, obstacle: Coverage? = nil) {
        self.account = account
        self.obstacle = obstacle
    }
}

/// One account's ECR in one region, and the reason if it could not be read.
package struct RegistryStatus: Hashable, Sendable {
    /// Account and region, which identify the registry.
    package var registry: Registry
    /// Why the registry's repositories could not be listed; nil if nothing blocks the registry.
    package var obstacle: Coverage?
    /// `BASIC` or `ENHANCED` (Inspector), from the registry's scanning configuration; nil while unknown.
    package var scanType: String?

    /// Joins a registry with its obstacle, if it has one, and its scan type.
    package init(registry: Registry, obstacle: Coverage? = nil, scanType: String? = nil) {
        self.registry = registry
        self.obstacle = obstacle
        self.scanType = scanType
    }
}

/// One repository, and the reasons if it could not be read or scanned.
package struct RepositoryStatus: Hashable, Sendable {
    /// Registry and name, which identify the repository.
    package var place: RepositoryReference
    /// Why the last collect could not list or read the images; nil if it could.
    package var obstacle: Coverage?
    /// Why the last scan sweep could not start the scans of the images; nil if it could.
    package var scanObstacle: Coverage?
    /// How many older images exceed the limit per repository and are not read.
    ///
    /// The number is reported so that nobody takes these images for clean.
    package var imagesBeyondLimit: Int
    /// How many images are excluded by the configured tag patterns.
    package var imagesOutOfScope: Int

    /// Joins a repository with its obstacles and with the numbers of images that are not read.
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

    /// Applies what a job of `kind` observed; the other kind's obstacle stays.
    ///
    /// For example, a collect that succeeds clears `obstacle` and leaves `scanObstacle` as it is.
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

/// What one job, or discovery instead of a job, observed of a repository as a whole.
package enum RepositoryObservation: Hashable, Sendable {
    /// The images were listed; so many of them exceed the limit, and so many are excluded by configuration.
    case listed(beyondLimit: Int, outOfScope: Int)
    /// The repository could not be read, or is excluded by configuration.
    case refused(Coverage)
    /// No scan job is needed, because Inspector scans the repository; this clears the scan obstacle.
    case leftToOthers
}
