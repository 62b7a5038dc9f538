extension ExpressionParser {
    /// Reads a condition that fills the expression.
    static func condition(_ expression: String, kind: String, _ placeholders: Placeholders) throws -> Condition {
        var parser = try ExpressionParser(expression, kind: kind, placeholders: placeholders)
        let condition = try parser.alternatives()
        guard parser.isAtEnd else { throw parser.failure }
        return condition
    }

    /// OR binds least, then AND, then NOT.
    private mutating func alternatives() throws -> Condition {
        var condition = try conjunction()
        while takeKeyword("OR") { condition = .or(condition, try conjunction()) }
        return condition
    }

    private mutating func conjunction() throws -> Condition {
        var condition = try negation()
        while takeKeyword("AND") { condition = .and(condition, try negation()) }
        return condition
    }

    private mutating func negation() throws -> Condition {
        if takeKeyword("NOT") { return .not(try negation()) }
        if take("(") {
            let condition = try alternatives()
            try expect(")")
            return condition
        }
        return try predicate()
    }

    private mutating func predicate() throws -> Condition {
        var ahead = self
        if let function = ahead.takeFunction(), function != "size" {
            self = ahead
            return try call(function)
        }
        let left = try operand()
        if takeKeyword("BETWEEN") {
            let low = try operand()
            guard takeKeyword("AND") else { throw failure }
            return .between(left, low, try operand())
        }
        if takeKeyword("IN") { return .isOneOf(left, try list()) }
        guard case .sign(let sign) = next, let comparison = Condition.Comparison(rawValue: sign) else { throw failure }
        advance()
        return .compare(left, comparison, try operand())
    }

    private mutating func list() throws -> [Operand] {
        try expect("(")
        var operands: [Operand] = []
        repeat { operands.append(try operand()) } while take(",")
        try expect(")")
        return operands
    }

    private mutating func call(_ function: String) throws -> Condition {
        let condition: Condition
        switch function {
        case "attribute_exists": condition = .exists(try path())
        case "attribute_not_exists": condition = .not(.exists(try path()))
        case "attribute_type": condition = .hasType(try path(), try secondArgument())
        case "begins_with": condition = .beginsWith(try operand(), try secondArgument())
        case "contains": condition = .contains(try operand(), try secondArgument())
        default: throw ServiceFault.validation("Invalid \(kind): Invalid function name; function: \(function)")
        }
        try expect(")")
        return condition
    }

    private mutating func secondArgument() throws -> Operand {
        try expect(",")
        return try operand()
    }
}
