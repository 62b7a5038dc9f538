package import Domain

/// Which part of the organization a sweep looks at.
package struct DiscoveryScope: Hashable, Sendable {
    /// Which regions of an account are looked at.
    package enum Regions: Hashable, Sendable {
        /// Those that the account has enabled.
        case automatic
        /// These; one that an account has not enabled is recorded as switched off.
        case listed([RegionName])
    }

    package var accounts: AccountSelection
    package var regions: Regions
    /// Empty means all.
    package var repositories: [Glob]
    /// What one sweep is narrowed to, of those; empty is no narrowing.
    package var onlyRepositories: [Glob] = []
    /// Whether the repositories of registries that Inspector scans are left out: it takes no requests.
    package var leavesOutInspected = false
    /// Whether it is a part of what the configuration looks at, so that what it lacks is not left out for good.
    package var isNarrowed = false
    /// Whether the organizational units of accounts are recorded even where no filter needs them.
    package var recordsUnits = false

    /// Describes a part; without arguments the whole organization.
    package init(
        accounts: AccountSelection = AccountSelection(),
        regions: Regions = .automatic,
        repositories: [Glob] = []
    ) {
        self.accounts = accounts
        self.regions = regions
        self.repositories = repositories
    }

    /// Whether the repository is in the part that the sweep is narrowed to.
    package func includes(_ place: RepositoryReference) -> Bool {
        if case .listed(let regions) = regions, !regions.contains(place.registry.region) { return false }
        return (accounts.only?.contains(place.registry.account) ?? true) && includes(place.name)
    }

    /// Whether the repository is looked at.
    package func includes(_ repository: RepositoryName) -> Bool {
        [repositories, onlyRepositories].allSatisfy { globs in
            globs.isEmpty || globs.contains { $0.matches(repository.rawValue) }
        }
    }
}
