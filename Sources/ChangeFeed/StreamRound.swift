package import Domain

/// The changes read in one round over all readable shards.
package struct StreamRound: Hashable, Sendable {
    /// The images whose items changed, each once; read the store for their current state.
    package var images: [ImageReference]
    /// Repositories whose own item changed, so that the report must be updated even if no image changed.
    package var repositories: Set<RepositoryReference>
    /// How many records were read, including those of items that are neither images nor repositories.
    package var records: Int
    /// The position reached, to be stored once this round is processed.
    package var checkpoint: StreamCheckpoint
    /// Why changes may have been lost; nil where none were.
    package var gap: String?
    /// When the newest of these records was written, in seconds since 1970; nil where the stream did not say.
    package var newestAt: Double?
    /// Whether all shards were empty, so that the position is the end of the stream.
    package var isCaughtUp: Bool

    /// Describes a round.
    package init(
        images: [ImageReference],
        repositories: Set<RepositoryReference> = [],
        records: Int,
        checkpoint: StreamCheckpoint,
        gap: String? = nil,
        newestAt: Double? = nil,
        isCaughtUp: Bool
    ) {
        self.images = images
        self.repositories = repositories
        self.records = records
        self.checkpoint = checkpoint
        self.gap = gap
        self.newestAt = newestAt
        self.isCaughtUp = isCaughtUp
    }
}
