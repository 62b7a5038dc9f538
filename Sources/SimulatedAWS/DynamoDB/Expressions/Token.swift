/// A word or sign of an expression.
enum Token: Hashable {
    /// An attribute's name, a function or a keyword.
    case word(String)
    /// `#name`.
    case name(String)
    /// `:value`.
    case value(String)
    case number(Int)
    /// `=`, `<>`, `<=`, `(`, `,`, `.`, `[` and so on.
    case sign(String)

    /// Splits an expression; `kind` is for the message, such as `ConditionExpression`.
    static func read(_ expression: String, kind: String) throws -> [Token] {
        var tokens: [Token] = []
        var rest = Substring(expression)
        while let first = rest.first {
            if first.isWhitespace {
                rest = rest.dropFirst()
            } else if first == "#" || first == ":" {
                let word = rest.dropFirst().prefix(while: isWordCharacter)
                guard !word.isEmpty else { throw syntaxError(kind, near: rest) }
                tokens.append(first == "#" ? .name("#\(word)") : .value(":\(word)"))
                rest = rest.dropFirst(word.count + 1)
            } else if isWordCharacter(first) {
                let word = rest.prefix(while: isWordCharacter)
                tokens.append(Int(word).map(Token.number) ?? .word(String(word)))
                rest = rest.dropFirst(word.count)
            } else {
                guard let sign = signs.first(where: rest.hasPrefix) else { throw syntaxError(kind, near: rest) }
                tokens.append(.sign(sign))
                rest = rest.dropFirst(sign.count)
            }
        }
        return tokens
    }

    private static let signs = ["<>", "<=", ">=", "=", "<", ">", "(", ")", ",", ".", "[", "]"]

    private static func isWordCharacter(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "_")
    }

    static func syntaxError(_ kind: String, near text: some StringProtocol) -> ServiceFault {
        .validation("Invalid \(kind): Syntax error; token: \"\(text.prefix(12))\"")
    }
}
