/// Which attributes make an item's key.
struct KeySchema: Sendable, Hashable {
    var hash: String
    var range: String?
    /// `S`, `N` or `B` by attribute.
    var types: [String: String]

    var names: [String] { [hash] + (range.map { [$0] } ?? []) }

    /// Picks the key out of a whole item.
    func key(of item: Item) throws -> ItemKey {
        var parts: [AttributeValue] = []
        for name in names {
            guard let value = item[name] else {
                throw ServiceFault.validation(
                    "One or more parameter values were invalid: Missing the key \(name) in the item"
                )
            }
            try check(name, value)
            parts.append(value)
        }
        return ItemKey(hash: parts[0], range: parts.count > 1 ? parts[1] : .null)
    }

    /// Reads a key that must have nothing but key attributes.
    func key(reading value: JSONValue?) throws -> ItemKey {
        let item = try Item(reading: value)
        guard item.count == names.count, names.allSatisfy({ item[$0] != nil }) else {
            throw ServiceFault.validation("The provided key element does not match the schema")
        }
        return try key(of: item)
    }

    func item(of key: ItemKey) -> Item {
        var item = [hash: key.hash]
        if let range { item[range] = key.range }
        return item
    }

    private func check(_ name: String, _ value: AttributeValue) throws {
        guard value.type == types[name] else {
            throw ServiceFault.validation(
                "One or more parameter values were invalid: Type mismatch for key \(name) expected: "
                    + "\(types[name] ?? "?") actual: \(value.type)"
            )
        }
        guard value != .string(""), value != .binary([]) else {
            throw ServiceFault.validation(
                "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty "
                    + "string value. Key: \(name)"
            )
        }
    }
}

/// The values of an item's key; `range` is `.null` in a table without a sort key.
struct ItemKey: Sendable, Hashable {
    var hash: AttributeValue
    var range: AttributeValue
}
