extension ExpressionParser {
    /// Reads an update expression: each clause at most once, no two paths that overlap.
    static func update(_ expression: String, _ placeholders: Placeholders) throws -> Update {
        var parser = try ExpressionParser(expression, kind: "UpdateExpression", placeholders: placeholders)
        var update = Update()
        var seen: Set<String> = []
        while let clause = try parser.takeClause() {
            guard seen.insert(clause).inserted else {
                throw ServiceFault.validation(
                    "Invalid UpdateExpression: The \"\(clause)\" section can only be used once in an update expression;"
                )
            }
            try parser.read(clause, into: &update)
        }
        try checkOverlap(update.paths)
        return update
    }

    private mutating func takeClause() throws -> String? {
        guard !isAtEnd else { return nil }
        for clause in ["SET", "REMOVE", "ADD", "DELETE"] where takeKeyword(clause) { return clause }
        throw failure
    }

    private mutating func read(_ clause: String, into update: inout Update) throws {
        repeat {
            let path = try path()
            switch clause {
            case "SET":
                try expect("=")
                update.assignments.append(Update.Assignment(path: path, value: try assigned()))
            case "REMOVE": update.remove.append(path)
            case "ADD": update.add.append(Update.Change(path: path, value: try value()))
            default: update.delete.append(Update.Change(path: path, value: try value()))
            }
        } while take(",")
    }

    private mutating func assigned() throws -> Assigned {
        let left = try term()
        if take("+") { return .sum(left, try term()) }
        if take("-") { return .difference(left, try term()) }
        return left
    }

    private mutating func term() throws -> Assigned {
        guard let function = takeFunction() else { return .operand(try operand()) }
        let result: Assigned
        switch function {
        case "if_not_exists":
            let path = try path()
            try expect(",")
            result = .ifNotExists(path, try assigned())
        case "list_append":
            let first = try assigned()
            try expect(",")
            result = .append(first, try assigned())
        default: throw ServiceFault.validation("Invalid UpdateExpression: Invalid function name; function: \(function)")
        }
        try expect(")")
        return result
    }

    private static func checkOverlap(_ paths: [AttributePath]) throws {
        let sorted = paths.map(\.steps).sorted { $0.count < $1.count }
        for (position, path) in sorted.enumerated() {
            guard !sorted[(position + 1)...].contains(where: { $0.starts(with: path) }) else {
                throw ServiceFault.validation(
                    "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths"
                )
            }
        }
    }
}
