package import Domain

/// What one look at every open shard brought.
package struct StreamRound: Hashable, Sendable {
    /// The images whose items changed, each once; which way, only the store itself tells.
    package var images: [ImageReference]
    /// The repositories of which something changed that a report tells of beside their images.
    package var repositories: Set<RepositoryReference>
    /// Records read, those of other items included.
    package var records: Int
    /// The place reached, to be stored after the effects.
    package var checkpoint: StreamCheckpoint
    /// Why changes may have been missed; nil where none were.
    package var gap: String?
    /// When the newest of these records was written, in seconds since 1970; nil where the stream did not say.
    package var newestAt: Double?
    /// Whether every shard had nothing more to give.
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
