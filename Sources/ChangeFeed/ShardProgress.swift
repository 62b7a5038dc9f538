/// How far one shard of the stream has been read.
package enum ShardProgress: Hashable, Sendable {
    /// No record was read yet.
    case beginning
    /// Everything up to this sequence number was read.
    case after(String)
    /// The shard is closed and was read to its end.
    case finished
}

/// The stream position from which a restart resumes; it is stored only after the changes before it are processed.
///
/// Equality ignores `savedAt` and `report`: it compares stream positions.
package struct StreamCheckpoint: Hashable, Sendable {
    /// ARN of the stream; a table whose stream was re-created has another one.
    package var streamARN: String
    /// Progress by shard id; a shard that is not listed any more is absent.
    package var shards: [String: ShardProgress]
    /// When it was stored, in seconds since 1970; nil for a position that is not stored yet.
    package var savedAt: Double?
    /// Location of the report that covers everything before this position; nil where no report is known to.
    package var report: String?

    /// Describes a position in the stream.
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

/// One shard as `DescribeStream` lists it.
struct ShardListing: Hashable {
    var id: String
    var parent: String?
}

/// The known shards, their progress and their parents.
///
/// A shard becomes readable after its parent is finished, so that the changes of an item stay in order across a split.
struct ShardTree {
    private(set) var progress: [String: ShardProgress]
    private var parents: [String: String] = [:]

    init(progress: [String: ShardProgress] = [:]) {
        self.progress = progress
    }

    /// Applies a complete listing: adds new shards, and removes all that the stream no longer lists.
    ///
    /// - Returns: shards that vanished before they were read to their end; their unread changes are lost.
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

    /// The shards to read next, sorted: unfinished shards whose parent is finished or no longer listed.
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
