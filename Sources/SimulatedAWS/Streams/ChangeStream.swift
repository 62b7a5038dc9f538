/// A table's stream: open shards divide the hash space; a full one is closed and followed by its children.
struct ChangeStream: Sendable {
    struct Shard: Sendable {
        let id: String
        let parent: String?
        let hashes: ClosedRange<UInt64>
        let firstSequence: Int
        var lastSequence: Int?
        /// How many records were trimmed off the front.
        var trimmed = 0
        var records: [StreamRecord] = []

        var isOpen: Bool { lastSequence == nil }
        /// The place after the last record, counted from the shard's beginning.
        var end: Int { trimmed + records.count }
    }

    let label: String
    /// Records after which a shard is closed.
    let shardRecords: Int
    private(set) var shards: [Shard] = []
    private var open: [Int] = []
    private var sequence = 100

    init(label: String, shardRecords: Int) {
        self.label = label
        self.shardRecords = shardRecords
        for hashes in Self.halves(of: 0...UInt64.max) { openShard(hashes, parent: nil) }
    }

    mutating func append(_ change: StreamChange) {
        let hash = Self.hash(change.hash)
        guard let position = open.first(where: { shards[$0].hashes.contains(hash) }) else { return }
        sequence += 1
        shards[position].records.append(StreamRecord(change: change, sequence: sequence))
        if shards[position].end >= shardRecords { split(position) }
    }

    func shard(_ id: String) -> Shard? { shards.first { $0.id == id } }

    /// Forgets what was recorded so far, as a day's passing does: records go, and closed shards with them.
    mutating func trim() {
        for position in shards.indices {
            shards[position].trimmed = shards[position].end
            shards[position].records = []
        }
        let openIDs = Set(open.map { shards[$0].id })
        shards.removeAll { !openIDs.contains($0.id) }
        open = Array(shards.indices)
    }

    /// Closes the shard: up to four stay open side by side, after that one child follows one parent.
    private mutating func split(_ position: Int) {
        sequence += 1
        shards[position].lastSequence = sequence
        open.removeAll { $0 == position }
        let hashes = shards[position].hashes
        for part in open.count < 3 ? Self.halves(of: hashes) : [hashes] { openShard(part, parent: shards[position].id) }
    }

    private mutating func openShard(_ hashes: ClosedRange<UInt64>, parent: String?) {
        sequence += 1
        let number = StreamRecord.text(of: sequence).dropFirst()
        let id = "shardId-\(number)-\(String(hashes.lowerBound >> 32, radix: 16))"
        open.append(shards.count)
        shards.append(Shard(id: id, parent: parent, hashes: hashes, firstSequence: sequence))
    }

    private static func halves(of hashes: ClosedRange<UInt64>) -> [ClosedRange<UInt64>] {
        let middle = hashes.lowerBound + (hashes.upperBound - hashes.lowerBound) / 2
        return [hashes.lowerBound...middle, (middle + 1)...hashes.upperBound]
    }

    private static func hash(_ value: AttributeValue) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in "\(value)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ (hash >> 33)) &* 0xFF51_AFD7_ED55_8CCD
        return hash ^ (hash >> 33)
    }
}
