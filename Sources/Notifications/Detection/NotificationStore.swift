package import ChangeFeed
package import Domain
package import FindingStore

/// What the aggregator needs of the store; `FencedStore` in the product, which lets only the one write who leads.
package protocol NotificationStore: Sendable {
    associatedtype Images: AsyncSequence where Images.Element == StoredImage
    associatedtype Announced: AsyncSequence where Announced.Element == AnnouncedImage

    /// Announces who leads, so that no earlier leader can write.
    func lead() async throws
    /// What is stored at these places now; images that are gone are absent.
    func images(at places: [ImageReference]) async throws -> [ImageReference: StoredImage]
    /// What was last told of these places.
    func announced(at places: [ImageReference]) async throws -> [ImageReference: AnnouncedImage]
    /// Every image of a registry.
    func images(in registry: Registry) -> Images
    /// Everything that was told of a registry.
    func announced(in registry: Registry) -> Announced
    /// Writes down what is news, each image's state and note together.
    func write(_ announcedChanges: [AnnouncedChange]) async throws
    /// Writes down many images as told, whatever was told of them before.
    func announce(_ images: [AnnouncedImage]) async throws
    /// All accounts of the organization.
    func accounts() async throws -> [AccountStatus]
    /// All registries of all accounts.
    func registries() async throws -> [RegistryStatus]
    /// All repositories of a registry.
    func repositories(in registry: Registry) async throws -> [RepositoryStatus]
    /// Which places were told as not looked into, by account.
    func announcedObstacles() async throws -> [AnnouncedObstacles]
    /// By which threshold and rules news was told last; nil before the first time.
    func ruleMemory() async throws -> RuleHistory?
    /// Which regions of which accounts were summarised.
    func baselines() async throws -> [BaselineMarker]
    /// The first notes that no message tells of yet, in order: at most about `limit`, with at most about so many `changes`.
    func notes(limit: Int, changes: Int) async throws -> ChangeRecordPage
    /// Removes notes that messages tell of.
    func deleteAnnouncedRecords() async throws
    /// Writes messages and what they settle, all or nothing; none where they were written once before.
    func post(_ outboxBatch: OutboxBatch) async throws -> [OutboxMessage]
    /// Whether a posting of that name was written.
    func wasAnnounced(once name: String) async throws -> Bool
    /// By room, which vulnerabilities were told as being in many images.
    func widespread() async throws -> [String: Set<String>]
    /// Where the stream is to be taken up; nil before the first time.
    func checkpoint() async throws -> StreamCheckpoint?
    /// Replaces the checkpoint.
    func put(_ checkpoint: StreamCheckpoint) async throws
}

/// Where the aggregator hears of changes; `ChangeStream` in the product.
package protocol ChangeSource: Sendable {
    /// Goes on from a checkpoint; nil begins with the oldest record.
    func resume(from checkpoint: StreamCheckpoint?) async
    /// Looks once at every open shard.
    ///
    /// - Throws: when AWS cannot be reached; nothing is lost, and the next call goes on.
    func next() async throws -> StreamRound
}
