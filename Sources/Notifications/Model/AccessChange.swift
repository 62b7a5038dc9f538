package import Domain

/// An account, registry or repository that is accessible or blocked as a whole.
package enum AccessScope: Hashable, Sendable {
    case account(AccountID)
    case registry(Registry)
    case repository(RepositoryReference)

    /// The account that owns it.
    package var account: AccountID {
        switch self {
        case .account(let account): account
        case .registry(let registry): registry.account
        case .repository(let place): place.registry.account
        }
    }
}

/// The announced obstacles of one account; a place without an entry was accessible at the last announcement.
package struct AnnouncedObstacles: Hashable, Sendable {
    /// The account that owns every place in `obstacles`.
    package var account: AccountID
    /// The announced state by blocked place, never a passing one.
    package var obstacles: [AccessScope: Coverage]

    /// Collects announced obstacles of `account`.
    package init(account: AccountID, obstacles: [AccessScope: Coverage] = [:]) {
        self.account = account
        self.obstacles = obstacles
    }
}

/// An account, registry or repositories became blocked or accessible again.
package struct AccessChange: Hashable, Sendable {
    /// The account to which the change belongs, even if only a region or repositories are blocked.
    package var account: AccountID
    /// The account's name; nil where it is not known yet.
    package var accountName: String?
    /// The region of the registry; nil where the whole account is affected.
    package var region: RegionName?
    /// The affected repositories, sorted; empty where the whole registry or account is affected.
    package var repositories: [RepositoryName]
    /// The new obstacle; nil where the place is accessible again.
    package var obstacle: Coverage?
    /// How many images there were judged before and keep their last known findings.
    package var images = 0
    /// When the newest of these judgements was made, in seconds since 1970; nil where there is none.
    package var lastJudgedAt: Double?

    /// Describes a change of an account, of one of its registries, or of repositories there.
    package init(
        account: AccountID,
        accountName: String?,
        region: RegionName? = nil,
        repositories: [RepositoryName] = [],
        obstacle: Coverage?
    ) {
        self.account = account
        self.accountName = accountName
        self.region = region
        self.repositories = repositories
        self.obstacle = obstacle
    }

    /// Counts an affected image, if it was judged.
    package mutating func add(_ image: ImageStatus) {
        guard image.coverage.isJudged else { return }
        images += 1
        lastJudgedAt = [lastJudgedAt, image.coverage.at].compactMap(\.self).max()
    }
}
