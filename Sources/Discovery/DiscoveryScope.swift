package import Domain

/// Which part of the organization a sweep scans.
package struct DiscoveryScope: Hashable, Sendable {
    /// Which regions of an account are scanned.
    package enum Regions: Hashable, Sendable {
        /// All regions that the account has enabled.
        case automatic
        /// These regions; one that an account has not enabled is recorded as switched off.
        case listed([RegionName])
    }

    /// The accounts, by the configuration's filters and the sweep's narrowing.
    package var accounts: AccountSelection
    /// The regions of every account in `accounts`.
    package var regions: Regions
    /// A repository must match one of these; empty means all.
    package var repositories: [Glob]
    /// A repository must match one of these as well: the sweep's narrowing; empty is none.
    package var onlyRepositories: [Glob] = []
    /// Whether registries with enhanced scanning are left out: Inspector takes no scan requests.
    package var leavesOutInspected = false
    /// Whether this is only a part of the configured scope; places outside it are then not marked as removed.
    package var isNarrowed = false
    /// Whether the organizational units of accounts are recorded even where no filter needs them.
    package var recordsUnits = false

    /// Describes a scope; without arguments the whole organization.
    package init(
        accounts: AccountSelection = AccountSelection(),
        regions: Regions = .automatic,
        repositories: [Glob] = []
    ) {
        self.accounts = accounts
        self.regions = regions
        self.repositories = repositories
    }

    /// Whether the account, the region and the name of a repository are in the scope; account filters are not tested
    /// here.
    package func includes(_ place: RepositoryReference) -> Bool {
        if case .listed(let regions) = regions, !regions.contains(place.registry.region) { return false }
        return (accounts.only?.contains(place.registry.account) ?? true) && includes(place.name)
    }

    /// Whether a repository of this name is in the scope.
    package func includes(_ repository: RepositoryName) -> Bool {
        [repositories, onlyRepositories].allSatisfy { globs in
            globs.isEmpty || globs.contains { $0.matches(repository.rawValue) }
        }
    }
}
