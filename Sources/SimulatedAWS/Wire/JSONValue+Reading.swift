/// The text was not JSON; AWS calls that a SerializationException.
struct JSONReadingError: Error {
    var offset: Int
}

extension JSONValue {
    /// Reads one document that fills `bytes`; nothing at all reads as an empty object.
    init(reading bytes: [UInt8]) throws(JSONReadingError) {
        guard !bytes.isEmpty else {
            self = [:]
            return
        }
        var reader = JSONReader(bytes: bytes)
        self = try reader.readDocument()
    }
}

private struct JSONReader {
    let bytes: [UInt8]
    var position = 0
    private var depth = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func readDocument() throws(JSONReadingError) -> JSONValue {
        let value = try readValue()
        skipBlanks()
        guard position == bytes.count else { throw failure }
        return value
    }

    private var failure: JSONReadingError { JSONReadingError(offset: position) }

    private mutating func readValue() throws(JSONReadingError) -> JSONValue {
        skipBlanks()
        guard position < bytes.count, depth < 128 else { throw failure }
        depth += 1
        defer { depth -= 1 }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try readObject()
        case UInt8(ascii: "["): return try readArray()
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "t"): return try read("true", as: .bool(true))
        case UInt8(ascii: "f"): return try read("false", as: .bool(false))
        case UInt8(ascii: "n"): return try read("null", as: .null)
        default: return try readNumber()
        }
    }

    private mutating func skipBlanks() {
        while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) { position += 1 }
    }

    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard position < bytes.count, bytes[position] == UInt8(ascii: byte) else { return false }
        position += 1
        return true
    }

    private mutating func read(_ literal: String, as value: JSONValue) throws(JSONReadingError) -> JSONValue {
        guard bytes[position...].starts(with: literal.utf8) else { throw failure }
        position += literal.utf8.count
        return value
    }

    private mutating func readObject() throws(JSONReadingError) -> JSONValue {
        position += 1
        var members: [JSONValue.Member] = []
        guard !take("}") else { return .object([]) }
        repeat {
            skipBlanks()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { throw failure }
            let key = try readString()
            guard take(":") else { throw failure }
            members.append(JSONValue.Member(key: key, value: try readValue()))
        } while take(",")
        guard take("}") else { throw failure }
        return .object(members)
    }

    private mutating func readArray() throws(JSONReadingError) -> JSONValue {
        position += 1
        var elements: [JSONValue] = []
        guard !take("]") else { return .array([]) }
        repeat { elements.append(try readValue()) } while take(",")
        guard take("]") else { throw failure }
        return .array(elements)
    }

    private mutating func readNumber() throws(JSONReadingError) -> JSONValue {
        let start = position
        while position < bytes.count, "+-.0123456789eE".utf8.contains(bytes[position]) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if let whole = Int(text) { return .integer(whole) }
        guard let number = Double(text) else { throw failure }
        return .number(number)
    }

    private mutating func readString() throws(JSONReadingError) -> String {
        position += 1
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\""), bytes[position] != UInt8(ascii: "\\") {
            position += 1
        }
        guard position < bytes.count else { throw failure }
        if bytes[position] == UInt8(ascii: "\"") {
            defer { position += 1 }
            return String(decoding: bytes[start..<position], as: UTF8.self)
        }
        return try readEscaped(from: start)
    }

    private mutating func readEscaped(from start: Int) throws(JSONReadingError) -> String {
        var units = Array(bytes[start..<position])
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\\") {
                units += try readEscape()
            } else {
                units.append(byte)
            }
        }
        guard position < bytes.count else { throw failure }
        position += 1
        return String(decoding: units, as: UTF8.self)
    }

    private mutating func readEscape() throws(JSONReadingError) -> [UInt8] {
        guard position < bytes.count else { throw failure }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return try readUnicode()
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        default: throw failure
        }
    }

    private mutating func readUnicode() throws(JSONReadingError) -> [UInt8] {
        var units = [try readUnit()]
        if (0xD800..<0xDC00).contains(units[0]), bytes[position...].starts(with: "\\u".utf8) {
            position += 2
            units.append(try readUnit())
        }
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }

    private mutating func readUnit() throws(JSONReadingError) -> UInt16 {
        guard position + 4 <= bytes.count,
            let unit = UInt16(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw failure }
        position += 4
        return unit
    }
}
