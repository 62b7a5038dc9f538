package import Domain

/// The store operations of discovery: it records statuses and compares them with the earlier ones.
package struct InventoryStore: Sendable {
    /// Stores an account's status in place of the old one.
    package var record: @Sendable (AccountStatus) async throws -> Void
    /// Stores a registry's status in place of the old one.
    package var recordRegistry: @Sendable (RegistryStatus) async throws -> Void
    /// All stored registries, those that are no longer scanned too.
    package var knownRegistries: @Sendable () async throws -> [RegistryStatus]
    /// All stored accounts, those that left the organization too.
    package var knownAccounts: @Sendable () async throws -> [AccountStatus]
    /// All stored repositories of a registry, those that ECR no longer lists too.
    package var knownRepositories: @Sendable (Registry) async throws -> [RepositoryStatus]
    /// Marks a stored repository as excluded by configuration; the coverage says so.
    package var leaveOut: @Sendable (RepositoryReference, Coverage) async throws -> Void

    /// Clears a stored repository's scan obstacle: Inspector starts its scans, so nothing can keep the fleet from it.
    package var leaveToInspector: @Sendable (RepositoryReference) async throws -> Void

    /// Takes one closure per operation.
    package init(
        record: @escaping @Sendable (AccountStatus) async throws -> Void,
        recordRegistry: @escaping @Sendable (RegistryStatus) async throws -> Void,
        knownRegistries: @escaping @Sendable () async throws -> [RegistryStatus],
        knownAccounts: @escaping @Sendable () async throws -> [AccountStatus],
        knownRepositories: @escaping @Sendable (Registry) async throws -> [RepositoryStatus],
        leaveOut: @escaping @Sendable (RepositoryReference, Coverage) async throws -> Void,
        leaveToInspector: @escaping @Sendable (RepositoryReference) async throws -> Void
    ) {
        self.record = record
        self.recordRegistry = recordRegistry
        self.knownRegistries = knownRegistries
        self.knownAccounts = knownAccounts
        self.knownRepositories = knownRepositories
        self.leaveOut = leaveOut
        self.leaveToInspector = leaveToInspector
    }
}
