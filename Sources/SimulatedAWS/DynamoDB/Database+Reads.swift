/// Query and Scan.
extension Database {
    mutating func query(_ call: Call) throws -> JSONValue {
        let table = try table(call.input["TableName"], call)
        let placeholders = try Placeholders(call.input)
        let condition = try KeyCondition(
            try ExpressionParser.condition(
                call.input["KeyConditionExpression"]?.text ?? "",
                kind: "KeyConditionExpression",
                placeholders
            ),
            table.schema
        )
        var page = try ReadPage(call.input, table.schema, placeholders)
        try placeholders.checkAllUsed()
        guard let place = table.position(of: condition.hash) else { return page.json }
        let partition = table.partitions[place]
        let isForward = call.input["ScanIndexForward"]?.truth ?? true
        let range = Self.range(
            condition.positions(in: partition),
            after: try call.input["ExclusiveStartKey"].map { try table.schema.key(reading: $0) },
            in: partition,
            isForward: isForward
        )
        for offset in 0..<range.count {
            let position = isForward ? range.lowerBound + offset : range.upperBound - 1 - offset
            guard let item = partition.items[partition.ranges[position]] else { continue }
            page.add(item, isLast: offset == range.count - 1)
            if page.isFull { break }
        }
        spent.reads(page.size, isConsistent: call.input["ConsistentRead"]?.truth ?? false)
        return page.json
    }

    private static func range(
        _ range: Range<Int>,
        after key: ItemKey?,
        in partition: Table.Partition,
        isForward: Bool
    ) -> Range<Int> {
        guard let key else { return range }
        let position = partition.position(of: key.range)
        if isForward {
            let isThere = position < partition.ranges.count && partition.ranges[position] == key.range
            return range.clamped(to: min(position + (isThere ? 1 : 0), partition.ranges.count)..<partition.ranges.count)
        }
        return range.clamped(to: 0..<position)
    }

    func scan(_ call: Call) throws -> JSONValue {
        let table = try table(call.input["TableName"], call)
        let placeholders = try Placeholders(call.input)
        var page = try ReadPage(call.input, table.schema, placeholders)
        try placeholders.checkAllUsed()
        var first = 0
        var after: ItemKey?
        if let key = try call.input["ExclusiveStartKey"].map({ try table.schema.key(reading: $0) }) {
            first = table.position(of: key.hash) ?? table.partitions.count
            after = key
        }
        for index in first..<max(first, table.partitions.count) {
            let partition = table.partitions[index]
            let range = Self.range(partition.ranges.indices, after: after, in: partition, isForward: true)
            after = nil
            for position in range {
                guard let item = partition.items[partition.ranges[position]] else { continue }
                page.add(item, isLast: index == table.partitions.count - 1 && position == range.upperBound - 1)
                if page.isFull { return page.json }
            }
        }
        return page.json
    }
}

/// One page of a Query or Scan.
struct ReadPage {
    private let schema: KeySchema
    private let limit: Int
    private let filter: Condition?
    private let projection: Projection
    private let isCount: Bool
    private var shown: [Item] = []
    private var examined = 0
    private(set) var size = 0
    private var last: Item?
    private(set) var isFull = false

    init(_ input: JSONValue, _ schema: KeySchema, _ placeholders: Placeholders) throws {
        self.schema = schema
        limit = input["Limit"]?.whole ?? .max
        guard limit > 0 else { throw ServiceFault.validation("Limit must be greater than or equal to 1") }
        filter = try input["FilterExpression"]?.text.map {
            try ExpressionParser.condition($0, kind: "FilterExpression", placeholders)
        }
        projection = try Projection(input, placeholders)
        isCount = input["Select"]?.text == "COUNT"
    }

    /// Counts the item, filtered out or not; a page ends after `Limit` items or 1 MB.
    mutating func add(_ item: Item, isLast: Bool) {
        examined += 1
        size += item.size
        if filter?.holds(for: item) ?? true { shown.append(item) }
        // A full page names its last key even where nothing follows, as DynamoDB does.
        isFull = examined == limit || (size >= 1_048_576 && !isLast)
        if isFull { last = item.filter { schema.names.contains($0.key) } }
    }

    var json: JSONValue {
        .compact([
            "Items": isCount ? nil : .array(shown.map { projection.apply(to: $0).json }),
            "Count": .integer(shown.count),
            "ScannedCount": .integer(examined),
            "LastEvaluatedKey": last?.json,
        ])
    }
}
