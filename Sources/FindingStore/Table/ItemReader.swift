package import AWSServices
internal import Domain

/// Reads the attributes of one item; an attribute of the wrong type throws `StoreError.malformed`, which names the item.
package struct ItemReader {
    /// The item's own key, which errors name.
    package let key: Key
    private let item: DynamoDB.Item

    /// Reads the item's key.
    ///
    /// - Throws: `StoreError.malformed` if the item has none.
    package init(_ item: DynamoDB.Item) throws(StoreError) {
        key = try Key(of: item)
        self.item = item
    }

    /// Makes the error for an attribute that cannot be read.
    package func malformed(_ attribute: String) -> StoreError {
        .malformed(key: "\(key.partition) \(key.sort)", attribute: attribute)
    }

    /// A required text.
    package func string(_ name: String) throws(StoreError) -> String {
        guard let text = try optionalString(name) else { throw malformed(name) }
        return text
    }

    /// A text; nil if the attribute is absent.
    package func optionalString(_ name: String) throws(StoreError) -> String? {
        switch item[name] {
        case nil: return nil
        case .s(let text)?: return text
        default: throw malformed(name)
        }
    }

    /// A number; nil if the attribute is absent.
    package func optionalDouble(_ name: String) throws(StoreError) -> Double? {
        guard let value = item[name] else { return nil }
        guard case .n(let digits) = value, let number = Double(digits) else { throw malformed(name) }
        return number
    }

    /// A whole number; 0 if the attribute is absent.
    package func int(_ name: String) throws(StoreError) -> Int {
        guard let value = item[name] else { return 0 }
        guard case .n(let digits) = value, let number = Int(digits) else { throw malformed(name) }
        return number
    }

    /// A required Boolean.
    package func bool(_ name: String) throws(StoreError) -> Bool {
        guard case .bool(let value)? = item[name] else { throw malformed(name) }
        return value
    }

    /// Binary data; empty if the attribute is absent.
    package func bytes(_ name: String) throws(StoreError) -> [UInt8] {
        switch item[name] {
        case nil: return []
        case .b(let bytes)?: return bytes
        default: throw malformed(name)
        }
    }

    /// A required list of texts.
    package func strings(_ name: String) throws(StoreError) -> [String] {
        guard case .l(let values)? = item[name] else { throw malformed(name) }
        var strings: [String] = []
        for value in values {
            guard case .s(let text) = value else { throw malformed(name) }
            strings.append(text)
        }
        return strings
    }

    /// A map of named members; nil if the attribute is absent.
    package func map(_ name: String) throws(StoreError) -> DynamoDB.Item? {
        switch item[name] {
        case nil: return nil
        case .m(let members)?: return members
        default: throw malformed(name)
        }
    }

    func coverage(_ name: String) throws(StoreError) -> Coverage {
        guard let coverage = try optionalCoverage(name) else { throw malformed(name) }
        return coverage
    }

    func optionalCoverage(_ name: String) throws(StoreError) -> Coverage? {
        guard var members = try map(name) else { return nil }
        members.merge(key.item) { own, _ in own }
        let reader = try ItemReader(members)
        guard let state = Coverage.State(rawValue: try reader.string("state")) else { throw malformed(name) }
        return Coverage(state, reason: try reader.optionalString("reason"), at: try reader.optionalDouble("at"))
    }

    func counts(_ name: String) throws(StoreError) -> [Severity: Int]? {
        guard let members = try map(name) else { return nil }
        var counts: [Severity: Int] = [:]
        for (word, value) in members {
            guard case .n(let digits) = value, let number = Int(digits) else { throw malformed(name) }
            counts[Severity(rawValue: word)] = number
        }
        return counts
    }
}

extension DynamoDB.AttributeValue {
    /// A whole number as DynamoDB's decimal text.
    package static func number(_ value: Int) -> Self { .n(String(value)) }

    /// The shortest decimal text that reads back as the same value; a whole number has no fraction.
    package static func number(_ value: Double) -> Self { .n(Int(exactly: value).map(String.init) ?? "\(value)") }

    /// A list, which keeps the order of the texts and may be empty, unlike a string set.
    package static func strings(_ values: [String]) -> Self { .l(values.map(Self.s)) }

    static func coverage(_ coverage: Coverage) -> Self {
        var members: DynamoDB.Item = ["state": .s(coverage.state.rawValue)]
        members["reason"] = coverage.reason.map(Self.s)
        members["at"] = coverage.at.map(Self.number)
        return .m(members)
    }

    static func counts(_ counts: [Severity: Int]) -> Self {
        .m(Dictionary(uniqueKeysWithValues: counts.map { ($0.key.rawValue, .number($0.value)) }))
    }
}
