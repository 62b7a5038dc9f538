/// Values by key, made when they are first asked for; beyond the limit the half that was used longest ago is forgotten.
package struct LRUCache<Key: Hashable, Value> {
    private struct Entry {
        var value: Value
        var lastUse: Int
    }

    private let limit: Int
    private var entries: [Key: Entry] = [:]
    private var uses = 0

    /// Remembers at most `limit` values, one at least.
    package init(limit: Int) { self.limit = max(1, limit) }

    /// How many are remembered.
    package var count: Int { entries.count }

    /// What is remembered for the key, or else what `make` gives.
    package mutating func value(for key: Key, make: () -> Value) -> Value {
        uses += 1
        if let known = entries[key]?.value {
            entries[key]?.lastUse = uses
            return known
        }
        if entries.count >= limit { forgetHalf() }
        let value = make()
        entries[key] = Entry(value: value, lastUse: uses)
        return value
    }

    private mutating func forgetHalf() {
        let kept = entries.values.map(\.lastUse).sorted().suffix(limit / 2).first ?? uses
        entries = entries.filter { $0.value.lastUse >= kept }
    }
}
