/// A reply of Redis, in RESP2.
package enum RESPValue: Hashable, Sendable {
    /// A status line or a bulk string; bytes that are not UTF-8 are repaired.
    case string(String)
    case integer(Int)
    case array([RESPValue])
    case null
    /// An error inside a pipeline or an array; a whole reply that is an error is thrown as `RedisError.reply`.
    case error(String)

    /// The text of a string, or an integer's digits; nil for the others.
    package var text: String? {
        switch self {
        case .string(let text): text
        case .integer(let number): String(number)
        case .array, .null, .error: nil
        }
    }

    /// An integer, or a string of digits; nil for the others.
    package var number: Int? {
        switch self {
        case .integer(let number): number
        case .string(let text): Int(text)
        case .array, .null, .error: nil
        }
    }

    /// An array's elements; nil for the others.
    package var elements: [RESPValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }
}
