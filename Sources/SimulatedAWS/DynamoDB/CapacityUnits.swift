/// What the calls would be charged for, by the developer guide's rules.
struct CapacityUnits: Sendable, Hashable {
    /// 4 KB read consistently; half of it where a read need not see every write.
    var read = 0.0
    /// 1 KB written; a write whose condition fails is charged all the same.
    var write = 0.0

    mutating func reads(_ bytes: Int, isConsistent: Bool) {
        read += Double(max(1, (bytes + 4095) / 4096)) * (isConsistent ? 1 : 0.5)
    }

    /// The larger of what was there and what comes counts.
    mutating func writes(_ old: Item?, _ new: Item?) {
        write += Double(max(1, (max(old?.size ?? 0, new?.size ?? 0) + 1023) / 1024))
    }

    var json: JSONValue { ["read": .number(read), "write": .number(write)] }
}
