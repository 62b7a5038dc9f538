/// A cache that makes a value when its key is first read; at the limit it evicts the least recently used half.
package struct LRUCache<Key: Hashable, Value> {
    private struct Entry {
        var value: Value
        var lastUse: Int
    }

    private let limit: Int
    private var entries: [Key: Entry] = [:]
    private var uses = 0

    /// Keeps at most `limit` values; a limit below 1 counts as 1.
    package init(limit: Int) { self.limit = max(1, limit) }

    /// How many values are cached.
    package var count: Int { entries.count }

    /// The cached value of the key; calls `make` and caches its result where there is none.
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
