package import Domain

/// Something that the fleet looks into, or is kept from looking into, as a whole.
package enum AccessScope: Hashable, Sendable {
    case account(AccountID)
    case registry(Registry)
    case repository(RepositoryReference)

    package var account: AccountID {
        switch self {
        case .account(let account): account
        case .registry(let registry): registry.account
        case .repository(let place): place.registry.account
        }
    }
}

/// What was told of the places of one account that the fleet is kept from: those that are not named are looked into.
package struct AnnouncedObstacles: Hashable, Sendable {
    package var account: AccountID
    package var obstacles: [AccessScope: Coverage]

    /// Remembers obstacles of places of `account`.
    package init(account: AccountID, obstacles: [AccessScope: Coverage] = [:]) {
        self.account = account
        self.obstacles = obstacles
    }
}

/// That the fleet is kept from looking into a place, or can look into it again.
package struct AccessChange: Hashable, Sendable {
    package var account: AccountID
    /// The account's name; nil where the organization has not told it yet.
    package var accountName: String?
    /// Nil where it is about the whole account.
    package var region: RegionName?
    /// Sorted; empty where it is about the whole registry or account.
    package var repositories: [RepositoryName]
    /// What is in the way; nil where nothing is any more.
    package var obstacle: Coverage?
    /// Images of the place that were judged before, whose findings are last known ones.
    package var images = 0
    /// When the newest of these judgements was made, in seconds since 1970.
    package var lastJudgedAt: Double?

    /// Tells of an account, of one of its registries, or of repositories there.
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

    /// Counts an image of the place.
    package mutating func add(_ image: ImageStatus) {
        guard image.coverage.isJudged else { return }
        images += 1
        lastJudgedAt = [lastJudgedAt, image.coverage.at].compactMap(\.self).max()
    }
}
