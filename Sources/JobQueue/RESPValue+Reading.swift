internal import Redis

extension RESPValue {
    /// The fields of a hash, which Redis returns as alternating names and values; nil when this is no array of texts.
    var dictionary: [String: String]? {
        guard let elements, elements.count.isMultiple(of: 2) else { return nil }
        var fields: [String: String] = [:]
        for index in stride(from: 0, to: elements.count, by: 2) {
            guard let name = elements[index].text, let value = elements[index + 1].text else { return nil }
            fields[name] = value
        }
        return fields
    }
}
