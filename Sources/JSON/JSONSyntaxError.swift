/// Why some bytes could not be read as the JSON that was asked for.
package struct JSONSyntaxError: Error, Hashable, Sendable {
    /// The kinds of errors.
    package enum Problem: Hashable, Sendable {
        /// The bytes end inside a value.
        case unexpectedEnd
        /// Something other than this was found.
        case expected(String)
        /// A string holds an unescaped control character.
        case controlCharacter
        /// A backslash is followed by no escape, or a `\u` by half a surrogate pair.
        case invalidEscape
        /// A string is not UTF-8.
        case invalidUTF8
        /// The digits do not follow JSON's grammar.
        case invalidNumber
        /// The number does not fit the type that was asked for.
        case numberOutOfRange
        /// Objects and arrays are nested deeper than `JSONCursor.maximumDepth`.
        case tooDeep
        /// An object lacks a required member.
        case missing(String)
    }

    /// The error's place, in bytes from the start.
    package let offset: Int
    /// The rule that the bytes break.
    package let problem: Problem

    /// Describes a problem.
    package init(offset: Int, problem: Problem) {
        self.offset = offset
        self.problem = problem
    }
}

extension JSONSyntaxError: CustomStringConvertible {
    package var description: String { "\(explanation) at byte \(offset) of the JSON" }

    private var explanation: String {
        switch problem {
        case .unexpectedEnd: "unexpected end"
        case .expected(let what): "expected \(what)"
        case .controlCharacter: "unescaped control character"
        case .invalidEscape: "invalid escape"
        case .invalidUTF8: "invalid UTF-8"
        case .invalidNumber: "malformed number"
        case .numberOutOfRange: "number out of range"
        case .tooDeep: "nested too deep"
        case .missing(let name): "missing \(name)"
        }
    }
}
