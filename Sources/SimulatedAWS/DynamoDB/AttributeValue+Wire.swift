internal import Foundation

extension AttributeValue {
    /// Reads `{"S": "text"}` and the like, as strictly as DynamoDB.
    init(reading value: JSONValue) throws {
        guard let members = value.members, members.count == 1 else {
            throw ServiceFault.validation(
                "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
            )
        }
        let content = members[0].value
        switch (members[0].key, content) {
        case ("S", .string(let text)): self = .string(text)
        case ("N", .string(let text)): self = .number(try Self.decimal(text))
        case ("B", .string(let text)): self = .binary(try Self.bytes(text))
        case ("BOOL", .bool(let truth)): self = .bool(truth)
        case ("NULL", .bool(true)): self = .null
        case ("L", .array(let elements)): self = .list(try elements.map(AttributeValue.init(reading:)))
        case ("M", .object): self = .map(try Item(reading: content))
        case ("SS", .array(let elements)): self = .strings(try Self.set(elements) { $0 })
        case ("NS", .array(let elements)): self = .numbers(try Self.set(elements, Self.decimal))
        case ("BS", .array(let elements)): self = .binaries(try Self.set(elements, Self.bytes))
        default: throw ServiceFault("SerializationException", "Unexpected value for type \(members[0].key)")
        }
    }

    private static func set<Element>(_ elements: [JSONValue], _ read: (String) throws -> Element) throws -> Set<Element>
    {
        let all = try elements.compactMap(\.text).map(read)
        guard !all.isEmpty else {
            throw ServiceFault.validation("One or more parameter values were invalid: An string set  may not be empty")
        }
        guard Set(all).count == elements.count else {
            throw ServiceFault.validation(
                "One or more parameter values were invalid: Input collection contains duplicates."
            )
        }
        return Set(all)
    }

    private static func decimal(_ text: String) throws -> Decimal {
        let isNumeric = !text.isEmpty && text.utf8.allSatisfy { "+-.0123456789eE".utf8.contains($0) }
        guard isNumeric, let number = Decimal(string: text, locale: Locale(identifier: "en_US_POSIX")) else {
            throw ServiceFault.validation("The parameter cannot be converted to a numeric value: \(text)")
        }
        return number
    }

    private static func bytes(_ text: String) throws -> [UInt8] {
        guard let data = Data(base64Encoded: text) else {
            throw ServiceFault("SerializationException", "Base64 expected")
        }
        return Array(data)
    }

    var json: JSONValue {
        switch self {
        case .string(let text): [type: .string(text)]
        case .number(let number): [type: "\(number)"]
        case .binary(let bytes): [type: .string(Data(bytes).base64EncodedString())]
        case .bool(let truth): [type: .bool(truth)]
        case .null: [type: true]
        case .list(let elements): [type: .array(elements.map(\.json))]
        case .map(let members): [type: members.json]
        case .strings(let texts): [type: .texts(texts.sorted())]
        case .numbers(let numbers): [type: .texts(numbers.sorted().map { "\($0)" })]
        case .binaries(let all): [type: .texts(all.map { Data($0).base64EncodedString() }.sorted())]
        }
    }
}
