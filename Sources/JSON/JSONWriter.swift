/// Writes JSON by appending: it places the commas, the caller gives keys and nesting.
package struct JSONWriter {
    /// The bytes written since the last `drain()`.
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false
    private var depth = 0

    /// Starts an empty document.
    package init() {}

    /// Opens an object; pairs of `key` and value follow, then `endObject`.
    package mutating func beginObject() { begin(UInt8(ascii: "{")) }
    /// Closes the innermost object; one that was not begun stops the process.
    package mutating func endObject() { end(UInt8(ascii: "}")) }
    /// Opens an array; values follow, then `endArray`.
    package mutating func beginArray() { begin(UInt8(ascii: "[")) }
    /// Closes the innermost array; one that was not begun stops the process.
    package mutating func endArray() { end(UInt8(ascii: "]")) }

    /// Writes a member's name; its value must follow.
    package mutating func key(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes a text in quotes; quotes, backslashes and control characters are escaped.
    package mutating func string(_ value: String) {
        separate()
        quote(value)
    }

    /// Writes all digits, also beyond 2^53, which some readers round.
    package mutating func number(_ value: Int) {
        separate()
        bytes.append(contentsOf: String(value).utf8)
    }

    /// Writes the shortest digits that read back as the same value; `null` for NaN and infinity, which JSON lacks.
    package mutating func number(_ value: Double) {
        guard value.isFinite else { return null() }
        if let whole = Int(exactly: value) { return number(whole) }
        separate()
        bytes.append(contentsOf: value.description.utf8)
    }

    /// Writes `true` or `false`.
    package mutating func bool(_ value: Bool) {
        separate()
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    /// Writes `null`, for a value that is absent.
    package mutating func null() {
        separate()
        bytes.append(contentsOf: "null".utf8)
    }

    /// Writes a value that is JSON already.
    package mutating func encoded(_ json: some Collection<UInt8>) {
        separate()
        bytes.append(contentsOf: json)
    }

    /// Writes a line feed, which is white space in JSON, so that a reader can process the document line by line.
    package mutating func newline() { bytes.append(UInt8(ascii: "\n")) }

    /// A writer of a further document after the bytes so far, as for JSON Lines.
    package func restarted() -> JSONWriter {
        var next = JSONWriter()
        next.bytes = bytes
        return next
    }

    /// Returns and drops the bytes written so far; later calls continue the document.
    ///
    /// A large document is so never whole in memory.
    package mutating func drain() -> [UInt8] {
        let drained = bytes
        bytes = []
        return drained
    }

    private mutating func begin(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        depth += 1
        needsComma = false
    }

    private mutating func end(_ bracket: UInt8) {
        depth -= 1
        precondition(depth >= 0, "an object or array is ended that was not begun")
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        if Self.needsEscape(text.utf8.span) {
            for byte in text.utf8 { escape(byte) }
        } else {
            bytes.append(contentsOf: text.utf8)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Reads the bytes in place, for speed: it runs for every text of every finding.
    private static func needsEscape(_ bytes: Span<UInt8>) -> Bool {
        for index in bytes.indices {
            let byte = bytes[index]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return true }
        }
        return false
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): bytes.append(contentsOf: "\\\"".utf8)
        case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
        case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
        case UInt8(ascii: "\r"): bytes.append(contentsOf: "\\r".utf8)
        case UInt8(ascii: "\t"): bytes.append(contentsOf: "\\t".utf8)
        case 0..<0x10: bytes.append(contentsOf: "\\u000\(String(byte, radix: 16))".utf8)
        case 0x10..<0x20: bytes.append(contentsOf: "\\u00\(String(byte, radix: 16))".utf8)
        default: bytes.append(byte)
        }
    }
}
