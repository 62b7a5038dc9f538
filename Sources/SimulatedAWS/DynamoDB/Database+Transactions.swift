/// Writes that happen together or not at all.
extension Database {
    mutating func transactWriteItems(_ call: Call) throws -> JSONValue {
        let actions = call.input["TransactItems"]?.elements ?? []
        guard (1...100).contains(actions.count) else {
            throw ServiceFault.validation(
                "1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length "
                    + "less than or equal to 100"
            )
        }
        // The simulator forgets no token; DynamoDB does after ten minutes.
        let token = call.input["ClientRequestToken"]?.text
        if let token, transactions.contains(token) { return [:] }
        let steps = try actions.map { try step($0, call) }
        guard Set(steps.map { "\($0.arn) \($0.key)" }).count == steps.count else {
            throw ServiceFault.validation("Transaction request cannot include multiple operations on one item")
        }
        guard steps.reduce(0, { $0 + ($1.item?.size ?? 0) }) <= 4_194_304 else {
            throw ServiceFault.validation("Collection size of items exceeds the maximum of 4MB")
        }
        try cancelUnlessAllHold(steps)
        for step in steps where step.writes { set(step.item, at: step.key, in: step.arn, now: call.now) }
        if let token { transactions.insert(token) }
        return [:]
    }

    private struct Step {
        var arn: String
        var key: ItemKey
        var item: Item?
        var condition: Condition?
        var writes: Bool
    }

    private func step(_ action: JSONValue, _ call: Call) throws -> Step {
        guard let member = action.members?.first, action.members?.count == 1 else {
            throw ServiceFault.validation("TransactItems can only contain one of Check, Put, Update or Delete")
        }
        let table = try target(member.value["TableName"], call)
        let placeholders = try Placeholders(member.value)
        let condition = try member.value["ConditionExpression"]?.text.map {
            try ExpressionParser.condition($0, kind: "ConditionExpression", placeholders)
        }
        try placeholders.checkAllUsed()
        switch member.key {
        case "Put":
            let item = try Item(reading: member.value["Item"])
            try Self.checkSize(item, "Item size has exceeded the maximum allowed size")
            let key = try table.schema.key(of: item)
            return Step(arn: table.arn, key: key, item: item, condition: condition, writes: true)
        case "Delete", "ConditionCheck":
            let key = try table.schema.key(reading: member.value["Key"])
            return Step(arn: table.arn, key: key, condition: condition, writes: member.key == "Delete")
        default:
            throw ServiceFault.validation("The simulator's transactions know Put, Delete and ConditionCheck only")
        }
    }

    private func cancelUnlessAllHold(_ steps: [Step]) throws {
        let holds = steps.map { $0.condition?.holds(for: item(at: $0.key, in: $0.arn) ?? [:]) ?? true }
        guard holds.contains(false) else { return }
        let reasons = holds.map { $0 ? "None" : "ConditionalCheckFailed" }
        throw ServiceFault(
            "TransactionCanceledException",
            "Transaction cancelled, please refer cancellation reasons for specific reasons [\(reasons.joined(separator: ", "))]",
            members: [
                JSONValue.Member(key: "CancellationReasons", value: .array(reasons.map { ["Code": .string($0)] }))
            ]
        )
    }
}
