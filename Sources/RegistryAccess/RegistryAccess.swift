package import AWSCore
package import AWSServices
package import Domain

/// Creates the clients for an account's registries, each with the session of the role assumed there.
///
/// A registry's client is cached, because it holds its signing key and its retry budget.
package actor RegistryAccess {
    private let runtime: AWSRuntime
    private let sessions: RoleSessions
    private let gate: @Sendable (Registry) -> CallLimiter
    private var clients = LRUCache<Registry, AWSClient>(limit: 512)

    /// Assumes roles through `sessions`; `gate` limits the whole fleet's calls into one registry.
    package init(
        runtime: AWSRuntime,
        sessions: RoleSessions,
        gate: @escaping @Sendable (Registry) -> CallLimiter
    ) {
        self.runtime = runtime
        self.sessions = sessions
        self.gate = gate
    }

    /// The client for a registry's ECR; the 512 most recently used are cached.
    package func ecr(_ registry: Registry) async -> AWSClient {
        let credentials = await sessions.provider(for: registry.account.rawValue)
        return clients.value(for: registry) {
            AWSClient(
                runtime: runtime,
                region: registry.region.rawValue,
                credentials: credentials,
                gate: gate(registry)
            )
        }
    }

    /// A new client for services without registries, such as Account, called as `account` in `region`.
    package func account(_ account: AccountID, region: RegionName) async -> AWSClient {
        AWSClient(
            runtime: runtime,
            region: region.rawValue,
            credentials: await sessions.provider(for: account.rawValue)
        )
    }
}
