/// The calls on single items.
extension Database {
    mutating func putItem(_ call: Call) throws -> JSONValue {
        let table = try target(call.input["TableName"], call)
        let new = try Item(reading: call.input["Item"])
        try Self.checkSize(new, "Item size has exceeded the maximum allowed size")
        let key = try table.schema.key(of: new)
        let placeholders = try Placeholders(call.input)
        let condition = try Self.condition(call, placeholders)
        try placeholders.checkAllUsed()
        let old = item(at: key, in: table.arn)
        spent.writes(old, new)
        try Self.check(condition, old, call)
        set(new, at: key, in: table.arn, now: call.now)
        return Self.returned(call, old)
    }

    mutating func deleteItem(_ call: Call) throws -> JSONValue {
        let table = try target(call.input["TableName"], call)
        let key = try table.schema.key(reading: call.input["Key"])
        let placeholders = try Placeholders(call.input)
        let condition = try Self.condition(call, placeholders)
        try placeholders.checkAllUsed()
        let old = item(at: key, in: table.arn)
        spent.writes(old, nil)
        try Self.check(condition, old, call)
        set(nil, at: key, in: table.arn, now: call.now)
        return Self.returned(call, old)
    }

    mutating func getItem(_ call: Call) throws -> JSONValue {
        let table = try table(call.input["TableName"], call)
        let key = try table.schema.key(reading: call.input["Key"])
        let placeholders = try Placeholders(call.input)
        let projection = try Projection(call.input, placeholders)
        try placeholders.checkAllUsed()
        spent.reads(table[key]?.size ?? 0, isConsistent: call.input["ConsistentRead"]?.truth ?? false)
        return .compact(["Item": table[key].map { projection.apply(to: $0).json }])
    }

    static func checkSize(_ item: Item, _ message: String) throws {
        guard item.size <= itemLimit else { throw ServiceFault.validation(message) }
    }

    private static func condition(_ call: Call, _ placeholders: Placeholders) throws -> Condition? {
        try call.input["ConditionExpression"]?.text.map {
            try ExpressionParser.condition($0, kind: "ConditionExpression", placeholders)
        }
    }

    private static func check(_ condition: Condition?, _ old: Item?, _ call: Call) throws {
        guard let condition, !condition.holds(for: old ?? [:]) else { return }
        var fault = ServiceFault("ConditionalCheckFailedException", "The conditional request failed")
        if call.input["ReturnValuesOnConditionCheckFailure"]?.text == "ALL_OLD", let old {
            fault.members = [JSONValue.Member(key: "Item", value: old.json)]
        }
        throw fault
    }

    private static func returned(_ call: Call, _ old: Item?) -> JSONValue {
        .compact(["Attributes": call.input["ReturnValues"]?.text == "ALL_OLD" ? old?.json : nil])
    }
}
