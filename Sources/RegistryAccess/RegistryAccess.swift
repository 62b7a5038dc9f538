package import AWSCore
package import AWSServices
package import Domain

/// Gives the clients that reach an account's registries, each with the session of the role assumed there.
///
/// A registry's client is kept, because it remembers its signing key and its retry budget.
package actor RegistryAccess {
    private let runtime: AWSRuntime
    private let sessions: RoleSessions
    private let gate: @Sendable (Registry) -> CallLimiter
    private var clients = LRUCache<Registry, AWSClient>(limit: 512)

    /// Reaches accounts through `sessions`; `gate` paces the calls into one registry for the whole fleet.
    package init(
        runtime: AWSRuntime,
        sessions: RoleSessions,
        gate: @escaping @Sendable (Registry) -> CallLimiter
    ) {
        self.runtime = runtime
        self.sessions = sessions
        self.gate = gate
    }

    /// Calls the registry's ECR.
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

    /// Calls services that know no registry, such as Account, as `account`; `region` is where they are asked.
    package func account(_ account: AccountID, region: RegionName) async -> AWSClient {
        AWSClient(
            runtime: runtime,
            region: region.rawValue,
            credentials: await sessions.provider(for: account.rawValue)
        )
    }
}
