package import AWSServices
internal import Domain

/// Reads attributes of one item, naming the item where one is not as it should be.
package struct ItemReader {
    package let key: Key
    private let item: DynamoDB.Item

    /// Reads an item.
    package init(_ item: DynamoDB.Item) throws(StoreError) {
        key = try Key(of: item)
        self.item = item
    }

    /// The error that says of an attribute that it cannot be read.
    package func malformed(_ attribute: String) -> StoreError {
        .malformed(key: "\(key.partition) \(key.sort)", attribute: attribute)
    }

    /// A text that has to be there.
    package func string(_ name: String) throws(StoreError) -> String {
        guard let text = try optionalString(name) else { throw malformed(name) }
        return text
    }

    /// A text, nil where the attribute is not there.
    package func optionalString(_ name: String) throws(StoreError) -> String? {
        switch item[name] {
        case nil: return nil
        case .s(let text)?: return text
        default: throw malformed(name)
        }
    }

    /// A number, nil where the attribute is not there.
    package func optionalDouble(_ name: String) throws(StoreError) -> Double? {
        guard let value = item[name] else { return nil }
        guard case .n(let digits) = value, let number = Double(digits) else { throw malformed(name) }
        return number
    }

    /// Zero where the attribute is not there.
    package func int(_ name: String) throws(StoreError) -> Int {
        guard let value = item[name] else { return 0 }
        guard case .n(let digits) = value, let number = Int(digits) else { throw malformed(name) }
        return number
    }

    /// A truth value that has to be there.
    package func bool(_ name: String) throws(StoreError) -> Bool {
        guard case .bool(let value)? = item[name] else { throw malformed(name) }
        return value
    }

    /// Empty where the attribute is not there.
    package func bytes(_ name: String) throws(StoreError) -> [UInt8] {
        switch item[name] {
        case nil: return []
        case .b(let bytes)?: return bytes
        default: throw malformed(name)
        }
    }

    /// A list of texts that has to be there.
    package func strings(_ name: String) throws(StoreError) -> [String] {
        guard case .l(let values)? = item[name] else { throw malformed(name) }
        var strings: [String] = []
        for value in values {
            guard case .s(let text) = value else { throw malformed(name) }
            strings.append(text)
        }
        return strings
    }

    /// Named members, nil where the attribute is not there.
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
    /// A whole number.
    package static func number(_ value: Int) -> Self { .n(String(value)) }

    /// Shortest digits that read back as the same value; whole numbers without a fraction.
    package static func number(_ value: Double) -> Self { .n(Int(exactly: value).map(String.init) ?? "\(value)") }

    /// A list of texts.
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
