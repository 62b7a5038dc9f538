/// How many scans were started in one registry, by the hour, as far back as a day matters.
package struct ScanLedger: Hashable, Sendable {
    /// By hours since 1970.
    package private(set) var hours: [Int: Int]

    /// Continues a ledger; without arguments nothing was started.
    package init(hours: [Int: Int] = [:]) { self.hours = hours }

    /// Scans of the last 24 hours; the hour that is only partly within counts whole.
    package func used(at now: Double) -> Int {
        let oldest = Self.hour(now) - 24
        return hours.reduce(0) { $1.key >= oldest ? $0 + $1.value : $0 }
    }

    /// Takes up to `count` scans of those that are left, and tells how many; forgets what is older than a day.
    package mutating func take(_ count: Int, limit: Int, now: Double) -> Int {
        let granted = max(0, min(count, limit - used(at: now)))
        let oldest = Self.hour(now) - 24
        hours = hours.filter { $0.key >= oldest }
        if granted > 0 { hours[Self.hour(now), default: 0] += granted }
        return granted
    }

    /// Gives back what was taken a moment ago and not used.
    package mutating func giveBack(_ count: Int, now: Double) {
        var left = count
        for hour in hours.keys.sorted(by: >) where left > 0 {
            let part = min(left, hours[hour] ?? 0)
            hours[hour, default: 0] -= part
            left -= part
        }
    }

    private static func hour(_ time: Double) -> Int { Int(time / 3600) }
}
