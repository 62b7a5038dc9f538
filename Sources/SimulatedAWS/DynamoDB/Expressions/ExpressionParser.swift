/// Reads the tokens of one expression from left to right.
struct ExpressionParser {
    let kind: String
    let placeholders: Placeholders
    private let tokens: [Token]
    private var position = 0

    /// `kind` is the request's member, such as `ConditionExpression`.
    init(_ expression: String, kind: String, placeholders: Placeholders) throws {
        self.kind = kind
        self.placeholders = placeholders
        tokens = try Token.read(expression, kind: kind)
        guard !tokens.isEmpty else {
            throw ServiceFault.validation("Invalid \(kind): The expression can not be empty;")
        }
    }

    var next: Token? { position < tokens.count ? tokens[position] : nil }
    var isAtEnd: Bool { position == tokens.count }

    mutating func advance() { position += 1 }

    /// Takes the token where it is the next one.
    mutating func take(_ sign: String) -> Bool {
        guard next == .sign(sign) else { return false }
        advance()
        return true
    }

    /// Takes a keyword, whatever its case.
    mutating func takeKeyword(_ keyword: String) -> Bool {
        guard case .word(let word) = next, word.uppercased() == keyword else { return false }
        advance()
        return true
    }

    mutating func expect(_ sign: String) throws {
        guard take(sign) else { throw failure }
    }

    var failure: ServiceFault { Token.syntaxError(kind, near: next.map { "\($0)" } ?? "<EOF>") }

    /// Takes a function's name and its opening parenthesis.
    mutating func takeFunction() -> String? {
        guard case .word(let name) = next, position + 1 < tokens.count, tokens[position + 1] == .sign("(") else {
            return nil
        }
        position += 2
        return name
    }

    mutating func path() throws -> AttributePath {
        var steps = [AttributePath.Step.member(try member())]
        while true {
            if take(".") {
                steps.append(.member(try member()))
            } else if take("[") {
                guard case .number(let index) = next else { throw failure }
                advance()
                try expect("]")
                steps.append(.element(index))
            } else {
                return AttributePath(steps: steps)
            }
        }
    }

    private mutating func member() throws -> String {
        defer { advance() }
        switch next {
        case .name(let placeholder): return try placeholders.name(placeholder, kind: kind)
        case .word(let word):
            guard !ReservedWords.all.contains(word.uppercased()) else {
                throw ServiceFault.validation(
                    "Invalid \(kind): Attribute name is a reserved keyword; reserved keyword: \(word)"
                )
            }
            return word
        default: throw failure
        }
    }

    mutating func value() throws -> AttributeValue {
        guard case .value(let placeholder) = next else { throw failure }
        advance()
        return try placeholders.value(placeholder, kind: kind)
    }

    mutating func operand() throws -> Operand {
        if case .value = next { return .value(try value()) }
        if let function = takeFunction() {
            guard function == "size" else { throw failure }
            let path = try path()
            try expect(")")
            return .size(path)
        }
        return .path(try path())
    }
}
