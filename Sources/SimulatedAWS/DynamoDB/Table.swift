/// One table: partitions by hash key, each in the order of its sort keys.
struct Table: Sendable {
    /// The items that share a hash key.
    struct Partition: Sendable {
        private(set) var ranges: [AttributeValue] = []
        private(set) var items: [AttributeValue: Item] = [:]

        /// Where `range` stands or would stand.
        func position(of range: AttributeValue) -> Int {
            var low = 0
            var high = ranges.count
            while low < high {
                let middle = (low + high) / 2
                if ranges[middle].precedes(range) ?? false { low = middle + 1 } else { high = middle }
            }
            return low
        }

        mutating func set(_ item: Item?, at range: AttributeValue) {
            let old = items[range]
            items[range] = item
            if old == nil, item != nil { ranges.insert(range, at: position(of: range)) }
            if old != nil, item == nil { ranges.remove(at: position(of: range)) }
        }
    }

    let name: String
    let arn: String
    let schema: KeySchema
    let createdAt: Double
    var stream: ChangeStream?
    /// In the order in which their first items came.
    private(set) var partitions: [Partition] = []
    private var positions: [AttributeValue: Int] = [:]
    private(set) var count = 0

    /// A table is CREATING for a moment.
    func isActive(at now: Double) -> Bool { now - createdAt >= 0.2 }

    init(name: String, arn: String, schema: KeySchema, createdAt: Double, stream: ChangeStream?) {
        self.name = name
        self.arn = arn
        self.schema = schema
        self.createdAt = createdAt
        self.stream = stream
    }

    subscript(key: ItemKey) -> Item? { position(of: key.hash).flatMap { partitions[$0].items[key.range] } }

    /// The partition's place; nil where there never was an item with that hash key.
    func position(of hash: AttributeValue) -> Int? { positions[hash] }

    /// Replaces or removes an item; the stream hears of it only where something changed.
    mutating func set(_ item: Item?, at key: ItemKey, now: Double) {
        let old = self[key]
        guard old != item else { return }
        if positions[key.hash] == nil {
            positions[key.hash] = partitions.count
            partitions.append(Partition())
        }
        if let position = positions[key.hash] { partitions[position].set(item, at: key.range) }
        count += (item == nil ? 0 : 1) - (old == nil ? 0 : 1)
        stream?.append(StreamChange(keys: schema.item(of: key), hash: key.hash, old: old, new: item, at: now))
    }

    /// Every item, partition after partition.
    var items: [Item] {
        partitions.flatMap { partition in partition.ranges.compactMap { partition.items[$0] } }
    }
}
