package import Domain

/// What one discovery saw; every place that it could not look into is listed with the reason.
package struct DiscoverySummary: Hashable, Sendable {
    package var accounts = 0
    package var registries = 0
    package var repositories = 0
    /// Repositories that are left to Inspector.
    package var inspected = 0
    /// Accounts that the sweep was narrowed to and that are not there, or are left out by the configuration; sorted.
    package var unknownAccounts: [AccountID] = []
    package var accountObstacles: [AccountStatus] = []
    package var registryObstacles: [RegistryStatus] = []

    /// Has seen nothing yet.
    package init() {}

    /// How many places could not be looked into.
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
