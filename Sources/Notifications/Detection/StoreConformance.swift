package import ChangeFeed
package import Domain
package import FindingStore

extension LedStore: NewsStore {
    package func images(at places: [ImagePlace]) async throws -> [ImagePlace: StoredImage] {
        try await store.images(at: places)
    }
    package func announced(at places: [ImagePlace]) async throws -> [ImagePlace: AnnouncedImage] {
        try await store.announced(at: places)
    }
    package func images(in registry: Registry) -> FindingStore.Images { store.images(in: registry) }
    package func announced(in registry: Registry) -> FindingStore.Announced { store.announced(in: registry) }
    package func accounts() async throws -> [JudgedAccount] { try await store.accounts() }
    package func registries() async throws -> [JudgedRegistry] { try await store.registries() }
    package func repositories(in registry: Registry) async throws -> [JudgedRepository] {
        try await store.repositories(in: registry)
    }
    package func toldObstacles() async throws -> [ToldObstacles] { try await store.toldObstacles() }
    package func ruleMemory() async throws -> RuleMemory? { try await store.ruleMemory() }
    package func baselines() async throws -> [BaselineMarker] { try await store.baselines() }
    package func wasTold(once name: String) async throws -> Bool { try await store.wasTold(once: name) }
    package func spreads() async throws -> [String: Set<String>] { try await store.spreads() }
    package func checkpoint() async throws -> StreamCheckpoint? { try await store.checkpoint() }
}

extension ChangeStream: ChangeSource {}
