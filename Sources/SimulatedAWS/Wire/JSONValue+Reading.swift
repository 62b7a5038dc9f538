internal import JSON

extension JSONValue {
    /// Reads one document that fills `bytes`; nothing at all reads as an empty object.
    init(reading bytes: [UInt8]) throws {
        self = bytes.isEmpty ? [:] : try JSONCursor.parse(bytes, Self.read)
    }

    private static func read(_ cursor: inout JSONCursor) throws -> JSONValue {
        switch try cursor.peek() {
        case .object:
            var members: [Member] = []
            try cursor.readObject { key, value in members.append(Member(key: key, value: try read(&value))) }
            return .object(members)
        case .array: return .array(try cursor.readList(read))
        case .string: return .string(try cursor.readString())
        case .bool: return .bool(try cursor.readBool())
        case .null:
            try cursor.skip()
            return .null
        case .number:
            let number = try cursor.readDouble()
            return Int(exactly: number).map(JSONValue.integer) ?? .number(number)
        }
    }
}
