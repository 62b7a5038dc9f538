/// Every table of every account and region, and the calls that work on them.
struct Database: Sendable {
    /// By ARN.
    private(set) var tables: [String: Table] = [:]
    /// Since the start.
    var spent = CapacityUnits()
    /// Tokens of transactions that took effect.
    var transactions: Set<String> = []
    /// Records after which a stream's shard is closed.
    let shardRecords: Int

    init(shardRecords: Int) { self.shardRecords = shardRecords }

    static let itemLimit = 409_600

    mutating func answer(_ call: Call) throws -> JSONValue {
        switch call.operation {
        case "CreateTable": return try createTable(call)
        case "DescribeTable":
            return ["Table": try table(call.input["TableName"], call, active: false).description(at: call.now)]
        case "DeleteTable": return try deleteTable(call)
        case "PutItem": return try putItem(call)
        case "GetItem": return try getItem(call)
        case "DeleteItem": return try deleteItem(call)
        case "Query": return try query(call)
        case "Scan": return try scan(call)
        case "BatchGetItem": return try batchGetItem(call)
        case "BatchWriteItem": return try batchWriteItem(call)
        case "TransactWriteItems": return try transactWriteItems(call)
        default: throw ServiceFault("UnknownOperationException", "")
        }
    }

    static func arn(_ name: String, _ call: Call) -> String {
        "arn:aws:dynamodb:\(call.region):\(call.caller.account):table/\(name)"
    }

    /// The table of that name in the caller's account and region; reads and writes need it to be active.
    func table(_ name: JSONValue?, _ call: Call, active: Bool = true) throws -> Table {
        let name = name?.text ?? ""
        guard let table = tables[Self.arn(name, call)], !active || table.isActive(at: call.now) else {
            throw ServiceFault(
                "ResourceNotFoundException",
                active ? "Requested resource not found" : "Requested resource not found: Table: \(name) not found"
            )
        }
        return table
    }

    /// What a write needs to know of its table; holding the table itself would make the write copy it.
    func target(_ name: JSONValue?, _ call: Call) throws -> (arn: String, schema: KeySchema) {
        let table = try table(name, call)
        return (table.arn, table.schema)
    }

    func item(at key: ItemKey, in arn: String) -> Item? { tables[arn]?[key] }

    mutating func set(_ item: Item?, at key: ItemKey, in arn: String, now: Double) {
        tables[arn]?.set(item, at: key, now: now)
    }

    /// Trims all streams, as if a day had passed.
    mutating func trimStreams() {
        for arn in tables.keys { tables[arn]?.stream?.trim() }
    }
}

extension Database {
    private mutating func createTable(_ call: Call) throws -> JSONValue {
        let name = call.input["TableName"]?.text ?? ""
        guard (3...255).contains(name.utf8.count) else {
            throw ServiceFault.validation(
                "TableName must be at least 3 characters long and at most 255 characters long"
            )
        }
        let arn = Self.arn(name, call)
        guard tables[arn] == nil else {
            throw ServiceFault("ResourceInUseException", "Table already exists: \(name)")
        }
        var stream: ChangeStream?
        if call.input["StreamSpecification"]?["StreamEnabled"]?.truth == true {
            guard call.input["StreamSpecification"]?["StreamViewType"]?.text == "NEW_AND_OLD_IMAGES" else {
                throw ServiceFault.validation("The simulator keeps streams of NEW_AND_OLD_IMAGES only")
            }
            let label = Timestamp.text(call.now).dropLast() + ".000"
            stream = ChangeStream(label: String(label), shardRecords: shardRecords)
        }
        let schema = try KeySchema(reading: call.input)
        tables[arn] = Table(name: name, arn: arn, schema: schema, createdAt: call.now, stream: stream)
        return ["TableDescription": try table(.string(name), call, active: false).description(at: call.now)]
    }

    private mutating func deleteTable(_ call: Call) throws -> JSONValue {
        let table = try table(call.input["TableName"], call, active: false)
        tables[table.arn] = nil
        return ["TableDescription": table.description(at: call.now)]
    }
}

extension Table {
    var streamARN: String { "\(arn)/stream/\(stream?.label ?? "-")" }

    /// What DescribeTable tells.
    func description(at now: Double) -> JSONValue {
        .compact([
            "TableName": .string(name),
            "TableArn": .string(arn),
            "TableId": "00000000-0000-4000-8000-000000000001",
            "TableStatus": .string(isActive(at: now) ? "ACTIVE" : "CREATING"),
            "CreationDateTime": .number(createdAt),
            "KeySchema": schema.json,
            "AttributeDefinitions": .array(
                schema.types.sorted { $0.key < $1.key }.map {
                    ["AttributeName": .string($0.key), "AttributeType": .string($0.value)]
                }
            ),
            "BillingModeSummary": ["BillingMode": "PAY_PER_REQUEST"],
            "ItemCount": .integer(count),
            "TableSizeBytes": 0,
            "LatestStreamArn": stream == nil ? nil : .string(streamARN),
            "LatestStreamLabel": stream.map { .string($0.label) },
            "StreamSpecification": stream == nil
                ? nil : ["StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"],
        ])
    }
}

extension KeySchema {
    init(reading input: JSONValue) throws {
        let types = (input["AttributeDefinitions"]?.elements ?? []).map {
            ($0["AttributeName"]?.text ?? "", $0["AttributeType"]?.text ?? "")
        }
        let names = { (type: String) in
            (input["KeySchema"]?.elements ?? []).first { $0["KeyType"]?.text == type }?["AttributeName"]?.text
        }
        guard let hash = names("HASH") else { throw ServiceFault.validation("No Hash Key specified in schema.") }
        self.init(hash: hash, range: names("RANGE"), types: Dictionary(types) { $1 })
        guard Set(self.names) == Set(self.types.keys), self.types.values.allSatisfy(["S", "N", "B"].contains) else {
            throw ServiceFault.validation(
                "One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number "
                    + "of attributes defined in AttributeDefinitions"
            )
        }
    }

    var json: JSONValue {
        .array(
            names.map { ["AttributeName": .string($0), "KeyType": .string($0 == hash ? "HASH" : "RANGE")] }
        )
    }
}
