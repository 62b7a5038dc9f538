package import Domain
package import FindingStore

/// What the aggregator needs of the store; `FindingStore` in the product.
package protocol NewsStore: Sendable {
    associatedtype Images: AsyncSequence where Images.Element == StoredImage
    associatedtype Announced: AsyncSequence where Announced.Element == AnnouncedImage

    /// What is stored at these places now; images that are gone are absent.
    func images(at places: [ImagePlace]) async throws -> [ImagePlace: StoredImage]
    /// What was last told of these places.
    func announced(at places: [ImagePlace]) async throws -> [ImagePlace: AnnouncedImage]
    /// Every image of a registry.
    func images(in registry: Registry) -> Images
    /// Everything that was told of a registry.
    func announced(in registry: Registry) -> Announced
    /// Writes down what was told; `replaced` is what it takes the place of, where that is known.
    func announce(_ image: AnnouncedImage, over replaced: AnnouncedImage?) async throws
    /// Writes down many images as told, whatever was told of them before.
    func announce(_ images: [AnnouncedImage]) async throws
    /// Forgets what was told of an image that is gone.
    func forget(_ image: AnnouncedImage) async throws
    /// All accounts of the organization.
    func accounts() async throws -> [JudgedAccount]
    /// All registries of all accounts.
    func registries() async throws -> [JudgedRegistry]
    /// Which regions of which accounts were summarised.
    func baselines() async throws -> [BaselineMarker]
    /// Replaces an account's marker.
    func put(_ marker: BaselineMarker) async throws
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
