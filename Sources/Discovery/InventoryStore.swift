package import Domain

/// What discovery needs of the store: to write down what it saw, and to know what it saw before.
package struct InventoryStore: Sendable {
    package var record: @Sendable (AccountStatus) async throws -> Void
    package var recordRegistry: @Sendable (RegistryStatus) async throws -> Void
    package var knownRegistries: @Sendable () async throws -> [RegistryStatus]
    package var knownAccounts: @Sendable () async throws -> [AccountStatus]
    package var knownRepositories: @Sendable (Registry) async throws -> [RepositoryStatus]
    /// Says beside a known repository that the configuration leaves it out.
    package var leaveOut: @Sendable (RepositoryReference, Coverage) async throws -> Void

    /// Says beside a known repository that its scans are not the fleet's to start, so that nothing keeps it from that.
    package var leaveToInspector: @Sendable (RepositoryReference) async throws -> Void

    /// Joins the seven.
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
