/// A key condition: one partition, and a run of its sort keys.
struct KeyCondition {
    private(set) var hash: AttributeValue
    private var range: Condition?
    private let name: String

    /// Takes only what DynamoDB takes: equality on the hash key, and at most one test of the sort key.
    init(_ condition: Condition, _ schema: KeySchema) throws {
        var hash: AttributeValue?
        var range: Condition?
        for part in Self.conjuncts(condition) {
            if case .compare(.path(let path), .equal, .value(let value)) = part, path.root == schema.hash, hash == nil {
                hash = value
            } else if let name = Self.path(of: part)?.root, name == schema.range, range == nil {
                range = part
            } else {
                throw ServiceFault.validation("Query key condition not supported")
            }
        }
        guard let hash else {
            throw ServiceFault.validation("Query condition missed key schema element: \(schema.hash)")
        }
        self.hash = hash
        self.range = range
        name = schema.range ?? ""
    }

    /// Where the sort keys that meet the condition stand; they always stand together.
    func positions(in partition: Table.Partition) -> Range<Int> {
        guard let range else { return partition.ranges.indices }
        func meets(_ position: Int) -> Bool { range.holds(for: [name: partition.ranges[position]]) }
        let start = lowest.map(partition.position(of:)) ?? 0
        let first = start < partition.ranges.count && !meets(start) ? start + 1 : start
        var low = min(first, partition.ranges.count)
        var high = partition.ranges.count
        while low < high {
            let middle = (low + high) / 2
            if meets(middle) { low = middle + 1 } else { high = middle }
        }
        return min(first, low)..<low
    }

    /// The least sort key that may meet the condition; nil where there is none.
    private var lowest: AttributeValue? {
        switch range {
        case .compare(_, .equal, .value(let value)), .compare(_, .greater, .value(let value)),
            .compare(_, .greaterOrEqual, .value(let value)), .between(_, .value(let value), _),
            .beginsWith(_, .value(let value)):
            value
        default: nil
        }
    }

    private static func conjuncts(_ condition: Condition) -> [Condition] {
        guard case .and(let left, let right) = condition else { return [condition] }
        return conjuncts(left) + conjuncts(right)
    }

    private static func path(of condition: Condition) -> AttributePath? {
        switch condition {
        case .compare(.path, .unequal, _): nil
        case .compare(.path(let path), _, .value), .between(.path(let path), .value, .value),
            .beginsWith(.path(let path), .value):
            path
        default: nil
        }
    }
}
