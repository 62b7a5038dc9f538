package import Domain

/// What discovery needs of the store: to write down what it saw, and to know what it saw before.
package struct DiscoveryLedger: Sendable {
    package var record: @Sendable (JudgedAccount) async throws -> Void
    package var recordRegistry: @Sendable (JudgedRegistry) async throws -> Void
    package var knownRegistries: @Sendable () async throws -> [JudgedRegistry]
    package var knownAccounts: @Sendable () async throws -> [JudgedAccount]
    package var knownRepositories: @Sendable (Registry) async throws -> [JudgedRepository]
    /// Says beside a known repository that the configuration leaves it out.
    package var leaveOut: @Sendable (RepositoryPlace, Coverage) async throws -> Void

    /// Says beside a known repository that its scans are not the fleet's to start, so that nothing keeps it from that.
    package var leaveToInspector: @Sendable (RepositoryPlace) async throws -> Void

    /// Joins the seven.
    package init(
        record: @escaping @Sendable (JudgedAccount) async throws -> Void,
        recordRegistry: @escaping @Sendable (JudgedRegistry) async throws -> Void,
        knownRegistries: @escaping @Sendable () async throws -> [JudgedRegistry],
        knownAccounts: @escaping @Sendable () async throws -> [JudgedAccount],
        knownRepositories: @escaping @Sendable (Registry) async throws -> [JudgedRepository],
        leaveOut: @escaping @Sendable (RepositoryPlace, Coverage) async throws -> Void,
        leaveToInspector: @escaping @Sendable (RepositoryPlace) async throws -> Void
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
