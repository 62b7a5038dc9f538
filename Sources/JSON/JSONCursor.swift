/// A strict pull parser: it goes through the bytes once and builds only the values that its caller reads.
///
/// It follows RFC 8259 to the letter, and refuses invalid UTF-8 and halves of surrogate pairs in skipped values too.
/// All members of the same name are passed to the caller, in their order.
package struct JSONCursor {
    /// How deep objects and arrays may be nested, so that no answer can exhaust the stack.
    package static var maximumDepth: Int { 128 }

    /// The kinds of JSON values.
    package enum Kind: Hashable, Sendable {
        case object
        case array
        case string
        case number
        case bool
        case null
    }

    let bytes: [UInt8]
    var index = 0
    private var depth = 0

    /// Starts before the first value.
    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads a document of one value: bytes after it are an error.
    package static func parse<Value>(
        _ bytes: [UInt8],
        _ read: (inout JSONCursor) throws -> Value
    ) throws -> Value {
        var cursor = JSONCursor(bytes)
        let value = try read(&cursor)
        try cursor.readEnd()
        return value
    }

    /// The kind of the next value, from its first byte; nothing is consumed.
    package mutating func peek() throws(JSONSyntaxError) -> Kind {
        switch try nextByte() {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
        case UInt8(ascii: "n"): return .null
        default: throw problem(.expected("a value"))
        }
    }

    /// Calls `member` for each member of an object; a value that it leaves unread is skipped.
    package mutating func readObject(_ member: (_ key: String, _ value: inout JSONCursor) throws -> Void) throws {
        try open(UInt8(ascii: "{"), "an object")
        var closed = try take(UInt8(ascii: "}"))
        while !closed {
            let key = try readString()
            try expect(UInt8(ascii: ":"), "a colon")
            try visit { cursor in try member(key, &cursor) }
            closed = try separate(closing: UInt8(ascii: "}"))
        }
        depth -= 1
    }

    /// Calls `element` for each element of an array; one that it leaves unread is skipped.
    package mutating func readArray(_ element: (_ value: inout JSONCursor) throws -> Void) throws {
        try open(UInt8(ascii: "["), "an array")
        var closed = try take(UInt8(ascii: "]"))
        while !closed {
            try visit(element)
            closed = try separate(closing: UInt8(ascii: "]"))
        }
        depth -= 1
    }

    /// Reads an array whose elements are all of one type.
    package mutating func readList<Element>(
        _ element: (_ value: inout JSONCursor) throws -> Element
    ) throws -> [Element] {
        var list: [Element] = []
        try readArray { cursor in list.append(try element(&cursor)) }
        return list
    }

    /// Reads `null` as nil, and anything else by `read`.
    package mutating func readOptional<Value>(
        _ read: (_ value: inout JSONCursor) throws -> Value
    ) throws -> Value? {
        try readNull() ? nil : try read(&self)
    }

    /// Consumes the next value where it is `null`; false where it is another.
    package mutating func readNull() throws(JSONSyntaxError) -> Bool {
        guard try nextByte() == UInt8(ascii: "n") else { return false }
        try literal("null")
        return true
    }

    /// Reads `true` or `false`; any other value is an error.
    package mutating func readBool() throws(JSONSyntaxError) -> Bool {
        switch try nextByte() {
        case UInt8(ascii: "t"):
            try literal("true")
            return true
        case UInt8(ascii: "f"):
            try literal("false")
            return false
        default:
            throw problem(.expected("a bool"))
        }
    }

    /// Passes over a value of any kind, as strictly as if it were read.
    package mutating func skip() throws {
        switch try peek() {
        case .object: try readObject { _, _ in }
        case .array: try readArray { _ in }
        case .string: try skipString()
        case .number: _ = try scanNumber()
        case .bool: _ = try readBool()
        case .null: _ = try readNull()
        }
    }

    /// Throws where anything but white space is left.
    package mutating func readEnd() throws(JSONSyntaxError) {
        skipWhitespace()
        guard index == bytes.count else { throw problem(.expected("the end")) }
    }

    /// An error at the cursor's offset, for a decoder whose object lacks the member `name`.
    package func missing(_ name: String) -> JSONSyntaxError { problem(.missing(name)) }
}

extension JSONCursor {
    private mutating func open(_ bracket: UInt8, _ name: String) throws(JSONSyntaxError) {
        try expect(bracket, name)
        guard depth < Self.maximumDepth else { throw problem(.tooDeep) }
        depth += 1
    }

    private mutating func visit(_ value: (inout JSONCursor) throws -> Void) throws {
        skipWhitespace()
        let start = index
        try value(&self)
        if index == start { try skip() }
    }

    /// Passes a comma (false) or the closing bracket (true).
    private mutating func separate(closing bracket: UInt8) throws(JSONSyntaxError) -> Bool {
        if try take(UInt8(ascii: ",")) { return false }
        try expect(bracket, "a comma or the end of the object or array")
        return true
    }

    private mutating func take(_ byte: UInt8) throws(JSONSyntaxError) -> Bool {
        guard try nextByte() == byte else { return false }
        index += 1
        return true
    }

    mutating func expect(_ byte: UInt8, _ name: String) throws(JSONSyntaxError) {
        guard try take(byte) else { throw problem(.expected(name)) }
    }

    private mutating func literal(_ word: String) throws(JSONSyntaxError) {
        for byte in word.utf8 {
            guard index < bytes.count else { throw problem(.unexpectedEnd) }
            guard bytes[index] == byte else { throw problem(.expected(word)) }
            index += 1
        }
    }

    /// The next byte that is not white space; it is not consumed.
    mutating func nextByte() throws(JSONSyntaxError) -> UInt8 {
        skipWhitespace()
        guard index < bytes.count else { throw problem(.unexpectedEnd) }
        return bytes[index]
    }

    private mutating func skipWhitespace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            default: return
            }
        }
    }

    func problem(_ problem: JSONSyntaxError.Problem) -> JSONSyntaxError {
        JSONSyntaxError(offset: index, problem: problem)
    }
}
