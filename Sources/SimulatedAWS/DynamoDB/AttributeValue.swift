internal import Foundation

/// One of DynamoDB's typed values.
indirect enum AttributeValue: Sendable, Hashable {
    case string(String)
    case number(Decimal)
    case binary([UInt8])
    case bool(Bool)
    case null
    case list([AttributeValue])
    case map([String: AttributeValue])
    case strings(Set<String>)
    case numbers(Set<Decimal>)
    case binaries(Set<[UInt8]>)

    /// DynamoDB's own name for the type.
    var type: String {
        switch self {
        case .string: "S"
        case .number: "N"
        case .binary: "B"
        case .bool: "BOOL"
        case .null: "NULL"
        case .list: "L"
        case .map: "M"
        case .strings: "SS"
        case .numbers: "NS"
        case .binaries: "BS"
        }
    }

    /// What the value counts towards an item's 400 KB, in bytes; after the developer guide's rules.
    var size: Int {
        switch self {
        case .string(let text): text.utf8.count
        case .number(let number): "\(number)".utf8.count / 2 + 1
        case .binary(let bytes): bytes.count
        case .bool, .null: 1
        case .list(let elements): elements.reduce(3) { $0 + $1.size + 1 }
        case .map(let members): members.reduce(3) { $0 + $1.key.utf8.count + $1.value.size + 1 }
        case .strings(let texts): texts.reduce(0) { $0 + $1.utf8.count }
        case .numbers(let numbers): numbers.reduce(0) { $0 + "\($1)".utf8.count / 2 + 1 }
        case .binaries(let all): all.reduce(0) { $0 + $1.count }
        }
    }

    /// Whether the value comes before `other`; nil where the two have no order.
    func precedes(_ other: AttributeValue) -> Bool? {
        switch (self, other) {
        case (.string(let left), .string(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
        case (.number(let left), .number(let right)): left < right
        case (.binary(let left), .binary(let right)): left.lexicographicallyPrecedes(right)
        default: nil
        }
    }
}

/// One item: its attributes by name.
typealias Item = [String: AttributeValue]

extension Item {
    /// What the item counts towards 400 KB, in bytes.
    var size: Int { reduce(0) { $0 + $1.key.utf8.count + $1.value.size } }

    /// The item as DynamoDB writes it, names in order so that answers are repeatable.
    var json: JSONValue {
        .object(sorted { $0.key < $1.key }.map { JSONValue.Member(key: $0.key, value: $0.value.json) })
    }

    init(reading value: JSONValue?) throws {
        guard let members = value?.members else { throw ServiceFault("SerializationException", "Expected a map.") }
        self = try Item(members.map { ($0.key, try AttributeValue(reading: $0.value)) }) { $1 }
    }
}
