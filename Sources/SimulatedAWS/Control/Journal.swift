/// How often each operation was called, and what it was answered.
struct Journal: Sendable {
    struct Entry: Hashable, Sendable {
        var service: String
        var operation: String
        /// `ok`, or the error's code.
        var outcome: String
        var account: String?
        var region: String?
    }

    private var counts: [Entry: Int] = [:]

    mutating func record(_ entry: Entry) { counts[entry, default: 0] += 1 }

    /// The counts, by registry too where `byRegistry` is on.
    func json(byRegistry: Bool) -> JSONValue {
        var sums: [Entry: Int] = [:]
        for (entry, count) in counts {
            var key = entry
            if !byRegistry {
                key.account = nil
                key.region = nil
            }
            sums[key, default: 0] += count
        }
        let order = { (entry: Entry) in
            [entry.service, entry.operation, entry.outcome, entry.account ?? "", entry.region ?? ""]
        }
        return .array(
            sums.sorted { order($0.key).lexicographicallyPrecedes(order($1.key)) }.map { entry, count in
                .compact([
                    "service": .string(entry.service),
                    "operation": .string(entry.operation),
                    "outcome": .string(entry.outcome),
                    "account": entry.account.map(JSONValue.string),
                    "region": entry.region.map(JSONValue.string),
                    "count": .integer(count),
                ])
            }
        )
    }
}
