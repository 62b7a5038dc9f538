/// How far one shard of the stream has been read.
package enum ShardProgress: Hashable, Sendable {
    /// Nothing of it was read yet.
    case beginning
    /// Everything up to this sequence number was read.
    case after(String)
    /// The shard is closed and was read to its end.
    case finished
}

/// Everything that a restart needs to go on where the stream was left; the consumer stores it after the effects.
///
/// Two that differ only in when they were stored, or in what tells of what came before, name the same place.
package struct StreamCheckpoint: Hashable, Sendable {
    package var streamARN: String
    package var shards: [String: ShardProgress]
    /// When it was stored, in seconds since 1970; nil for a place that was just reached.
    package var savedAt: Double?
    /// Where the report lies that tells everything before this place; nil where none is known to.
    package var report: String?

    /// Describes a place in the stream.
    package init(streamARN: String, shards: [String: ShardProgress] = [:]) {
        self.streamARN = streamARN
        self.shards = shards
    }
}

extension StreamCheckpoint {
    package static func == (left: StreamCheckpoint, right: StreamCheckpoint) -> Bool {
        left.streamARN == right.streamARN && left.shards == right.shards
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(streamARN)
        hasher.combine(shards)
    }
}

/// One shard as the stream lists it.
struct ShardListing: Hashable {
    var id: String
    var parent: String?
}

/// Which shards may be read, and what is known of them: parents before children, so that the changes of an item stay in
/// order across a split.
struct ShardTree {
    private(set) var progress: [String: ShardProgress]
    private var parents: [String: String] = [:]

    init(progress: [String: ShardProgress] = [:]) {
        self.progress = progress
    }

    /// Takes in a complete listing: new shards are begun, and finished ones that the stream no longer lists are forgotten.
    ///
    /// - Returns: shards that vanished before they were read to their end; changes in them are lost.
    mutating func update(with listing: [ShardListing]) -> [String] {
        let listed = Set(listing.map(\.id))
        let lost = progress.filter { !listed.contains($0.key) && $0.value != .finished }.map(\.key).sorted()
        progress = progress.filter { listed.contains($0.key) }
        for shard in listing where progress[shard.id] == nil { progress[shard.id] = .beginning }
        parents = Dictionary(
            listing.compactMap { shard in shard.parent.map { (shard.id, $0) } },
            uniquingKeysWith: { first, _ in first }
        )
        return lost
    }

    /// The shards to read next, sorted: unfinished ones whose parent is finished or gone.
    var readable: [String] {
        progress.filter { id, progress in
            guard progress != .finished else { return false }
            guard let parent = parents[id].flatMap({ self.progress[$0] }) else { return true }
            return parent == .finished
        }.map(\.key).sorted()
    }

    mutating func record(_ shard: String, _ progress: ShardProgress) {
        self.progress[shard] = progress
    }
}
