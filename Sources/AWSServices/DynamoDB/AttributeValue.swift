internal import FoundationEssentials
internal import JSON

extension DynamoDB {
    /// One attribute's value; numbers are text, because they may have 38 digits.
    package indirect enum AttributeValue: Sendable, Hashable {
        case s(String)
        case n(String)
        case b([UInt8])
        case bool(Bool)
        case null
        case l([AttributeValue])
        case m(Item)
        /// Never empty: DynamoDB has no empty sets.
        case ss([String])
    }
}

extension DynamoDB.AttributeValue: JSONReadable {
    init(reading cursor: inout JSONCursor) throws {
        var found: Self?
        try cursor.readObject { type, value in found = try Self.read(type, &value) }
        guard let found else { throw cursor.missing("an attribute's type") }
        self = found
    }

    private static func read(_ type: String, _ value: inout JSONCursor) throws -> Self {
        switch type {
        case "S": return .s(try value.readString())
        case "N": return .n(try value.readString())
        case "B":
            guard let data = Data(base64Encoded: try value.readString()) else { throw value.missing("valid base64") }
            return .b(Array(data))
        case "BOOL": return .bool(try value.readBool())
        case "NULL":
            _ = try value.readBool()
            return .null
        case "L": return .l(try value.readList { try Self(reading: &$0) })
        case "M": return .m(try value.map { try Self(reading: &$0) })
        case "SS": return .ss(try value.readList { try $0.readString() })
        default: throw value.missing("an attribute's type that is known, instead of \(type)")
        }
    }
}

extension JSONWriter {
    mutating func item(_ item: DynamoDB.Item) {
        beginObject()
        for (name, value) in item {
            key(name)
            attribute(value)
        }
        endObject()
    }

    mutating func attribute(_ value: DynamoDB.AttributeValue) {
        beginObject()
        switch value {
        case .s(let text): member("S", text)
        case .n(let digits): member("N", digits)
        case .b(let bytes): member("B", Data(bytes).base64EncodedString())
        case .bool(let value): member("BOOL", value)
        case .null: member("NULL", true)
        case .l(let elements):
            key("L")
            list(elements) { $0.attribute($1) }
        case .m(let members):
            key("M")
            item(members)
        case .ss(let texts):
            key("SS")
            list(texts) { $0.string($1) }
        }
        endObject()
    }
}
