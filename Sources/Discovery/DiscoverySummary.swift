package import Domain

/// The counts of one discovery, and every account and registry that could not be listed, with the reason.
package struct DiscoverySummary: Hashable, Sendable {
    /// Accounts in the scope, those with an obstacle too.
    package var accounts = 0
    /// Registries in the scope, those with an obstacle too; registries left out by configuration are not counted.
    package var registries = 0
    /// Repositories that ECR listed and the scope includes.
    package var repositories = 0
    /// Of `repositories`, those left to Inspector by a scan sweep.
    package var inspected = 0
    /// Accounts that the sweep was narrowed to, but that do not exist or are excluded by configuration; sorted.
    package var unknownAccounts: [AccountID] = []
    /// Accounts whose regions could not be listed, with the reason.
    package var accountObstacles: [AccountStatus] = []
    /// Registries that could not be listed, or whose scan type is unknown, with the reason.
    package var registryObstacles: [RegistryStatus] = []

    /// All counts are zero.
    package init() {}

    /// How many accounts and registries could not be listed.
    package var gaps: Int { unknownAccounts.count + accountObstacles.count + registryObstacles.count }

    mutating func note(_ account: AccountStatus) {
        accounts += 1
        if account.obstacle != nil { accountObstacles.append(account) }
    }

    mutating func note(_ registry: RegistryStatus, repositories count: Int) {
        registries += 1
        repositories += count
        if registry.obstacle != nil { registryObstacles.append(registry) }
    }
}
