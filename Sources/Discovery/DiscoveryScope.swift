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

    /// Empty means all.
    package var accounts: Set<AccountID>
    package var excludedAccounts: Set<AccountID>
    package var regions: Regions
    /// Empty means all.
    package var repositories: [Glob]

    /// Describes a part; without arguments the whole organization.
    package init(
        accounts: Set<AccountID> = [],
        excludedAccounts: Set<AccountID> = [],
        regions: Regions = .automatic,
        repositories: [Glob] = []
    ) {
        self.accounts = accounts
        self.excludedAccounts = excludedAccounts
        self.regions = regions
        self.repositories = repositories
    }

    /// Whether the account is looked at; its state is another question.
    package func includes(_ account: AccountID) -> Bool {
        (accounts.isEmpty || accounts.contains(account)) && !excludedAccounts.contains(account)
    }

    /// Whether the repository is looked at.
    package func includes(_ repository: RepositoryName) -> Bool {
        repositories.isEmpty || repositories.contains { $0.matches(repository.rawValue) }
    }

    /// Whether a listing under this scope proves that an account it lacks has left the organization.
    package var coversAllAccounts: Bool { accounts.isEmpty && excludedAccounts.isEmpty }
}
