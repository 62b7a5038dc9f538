import JSON

/// A document as a value, so that tests can compare and generate whole ones.
indirect enum JSONValue: Hashable {
    case object([Member])
    case array([JSONValue])
    case string(String)
    case int(Int)
    case double(Double)
    case bool(Bool)
    case null

    struct Member: Hashable {
        var name: String
        var value: JSONValue
    }
}

extension JSONValue {
    init(parsing text: String) throws { try self.init(parsing: Array(text.utf8)) }

    init(parsing bytes: [UInt8]) throws { self = try JSONCursor.parse(bytes, Self.read) }

    static func read(_ cursor: inout JSONCursor) throws -> JSONValue {
        switch try cursor.peek() {
        case .object:
            var members: [Member] = []
            try cursor.readObject { key, value in members.append(Member(name: key, value: try read(&value))) }
            return .object(members)
        case .array: return .array(try cursor.readList(read))
        case .string: return .string(try cursor.readString())
        case .bool: return .bool(try cursor.readBool())
        case .number:
            let value = try cursor.readDouble()
            return Int(exactly: value).map(JSONValue.int) ?? .double(value)
        case .null: return try cursor.readOptional(read) ?? .null
        }
    }

    func write(to writer: inout JSONWriter) {
        switch self {
        case .object(let members):
            writer.beginObject()
            for member in members {
                writer.key(member.name)
                member.value.write(to: &writer)
            }
            writer.endObject()
        case .array(let elements):
            writer.beginArray()
            for element in elements { element.write(to: &writer) }
            writer.endArray()
        case .string(let value): writer.string(value)
        case .int(let value): writer.number(value)
        case .double(let value): writer.number(value)
        case .bool(let value): writer.bool(value)
        case .null: writer.null()
        }
    }

    var encoded: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }
}

extension JSONValue {
    static func random(depth: Int, using generator: inout some RandomNumberGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &generator) {
        case 0: return .null
        case 1: return .bool(.random(using: &generator))
        case 2:
            return .int(
                Int.random(in: -(1 << 53)...(1 << 53), using: &generator) >> Int.random(in: 0...53, using: &generator)
            )
        case 3: return randomDouble(using: &generator)
        case 4: return .string(randomText(using: &generator))
        case 5:
            let count = Int.random(in: 0...4, using: &generator)
            return .array((0..<count).map { _ in random(depth: depth - 1, using: &generator) })
        default:
            let count = Int.random(in: 0...4, using: &generator)
            return .object(
                (0..<count).map { _ in
                    Member(name: randomText(using: &generator), value: random(depth: depth - 1, using: &generator))
                }
            )
        }
    }

    /// Any finite bit pattern, so that every exponent comes.
    private static func randomDouble(using generator: inout some RandomNumberGenerator) -> JSONValue {
        let value = Double(bitPattern: .random(in: 0...UInt64.max, using: &generator))
        return value.isFinite && Int(exactly: value) == nil ? .double(value) : .int(7)
    }

    private static func randomText(using generator: inout some RandomNumberGenerator) -> String {
        let count = Int.random(in: 0...12, using: &generator)
        var text = String.UnicodeScalarView()
        for _ in 0..<count {
            let limit: UInt32 = [0x20, 0x80, 0x800, 0x1_0000, 0x11_0000].randomElement(using: &generator) ?? 0x80
            text.append(Unicode.Scalar(UInt32.random(in: 0..<limit, using: &generator)) ?? "\\")
        }
        return String(text)
    }
}

/// Repeatable randomness (SplitMix64), so that a failure can be run again.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
