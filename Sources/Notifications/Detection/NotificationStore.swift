package import ChangeFeed
package import Domain
package import FindingStore

/// The store operations that the aggregator needs; `FencedStore` implements them and rejects writes of a former leader.
package protocol NotificationStore: Sendable {
    associatedtype Images: AsyncSequence where Images.Element == StoredImage
    associatedtype Announced: AsyncSequence where Announced.Element == AnnouncedImage

    /// Makes this process the leader, so that no earlier leader can write any more.
    func lead() async throws
    /// The stored images of these references; images that are gone are absent.
    func images(at places: [ImageReference]) async throws -> [ImageReference: StoredImage]
    /// The announced states of these images; images never announced are absent.
    func announced(at places: [ImageReference]) async throws -> [ImageReference: AnnouncedImage]
    /// Every stored image of a registry.
    func images(in registry: Registry) -> Images
    /// The announced states of all images of a registry.
    func announced(in registry: Registry) -> Announced
    /// Writes changes: the announced state and the change record of an image in one transaction.
    func write(_ announcedChanges: [AnnouncedChange]) async throws
    /// Stores images as announced, replacing any earlier announced state.
    func announce(_ images: [AnnouncedImage]) async throws
    /// All accounts of the organization.
    func accounts() async throws -> [AccountStatus]
    /// All registries of all accounts.
    func registries() async throws -> [RegistryStatus]
    /// All repositories of a registry.
    func repositories(in registry: Registry) async throws -> [RepositoryStatus]
    /// The announced obstacles, one value for each account.
    func announcedObstacles() async throws -> [AnnouncedObstacles]
    /// The threshold and rules of the last notifications; nil before the first.
    func ruleMemory() async throws -> RuleHistory?
    /// The markers of all summarised registries, one for each account.
    func baselines() async throws -> [BaselineMarker]
    /// The first pending change records, in order: at most `limit` records with about `changes` changes.
    func notes(limit: Int, changes: Int) async throws -> ChangeRecordPage
    /// Deletes the change records that messages cover.
    func deleteAnnouncedRecords() async throws
    /// Writes messages and the state that belongs to them in one transaction; empty if their once-name was written
    /// before.
    func post(_ outboxBatch: OutboxBatch) async throws -> [OutboxMessage]
    /// Whether a batch with this once-name was written.
    func wasAnnounced(once name: String) async throws -> Bool
    /// By room, the vulnerabilities announced as being in many images.
    func widespread() async throws -> [String: Set<String>]
    /// The stored stream position; nil before the first checkpoint was stored.
    func checkpoint() async throws -> StreamCheckpoint?
    /// Replaces the stored checkpoint.
    func put(_ checkpoint: StreamCheckpoint) async throws
}

/// The source of the aggregator's changes; `ChangeStream` implements it.
package protocol ChangeSource: Sendable {
    /// Resumes from a checkpoint; nil begins with the oldest record.
    func resume(from checkpoint: StreamCheckpoint?) async
    /// Reads one round of changes.
    ///
    /// - Throws: when AWS cannot be reached; nothing is lost, and the next call resumes at the same position.
    func next() async throws -> StreamRound
}
