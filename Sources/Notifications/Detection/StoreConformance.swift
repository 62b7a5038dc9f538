package import ChangeFeed
package import Domain
package import FindingStore

extension FencedStore: NotificationStore {
    package func images(at places: [ImageReference]) async throws -> [ImageReference: StoredImage] {
        try await store.images(at: places)
    }
    package func announced(at places: [ImageReference]) async throws -> [ImageReference: AnnouncedImage] {
        try await store.announced(at: places)
    }
    package func images(in registry: Registry) -> FindingStore.Images { store.images(in: registry) }
    package func announced(in registry: Registry) -> FindingStore.Announced { store.announced(in: registry) }
    package func accounts() async throws -> [AccountStatus] { try await store.accounts() }
    package func registries() async throws -> [RegistryStatus] { try await store.registries() }
    package func repositories(in registry: Registry) async throws -> [RepositoryStatus] {
        try await store.repositories(in: registry)
    }
    package func announcedObstacles() async throws -> [AnnouncedObstacles] { try await store.announcedObstacles() }
    package func ruleMemory() async throws -> RuleHistory? { try await store.ruleMemory() }
    package func baselines() async throws -> [BaselineMarker] { try await store.baselines() }
    package func wasAnnounced(once name: String) async throws -> Bool { try await store.wasAnnounced(once: name) }
    package func widespread() async throws -> [String: Set<String>] { try await store.widespread() }
    package func checkpoint() async throws -> StreamCheckpoint? { try await store.checkpoint() }
}

extension ChangeStream: ChangeSource {}
