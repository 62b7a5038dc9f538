/// How many scans were started in one registry, by the five minutes, as far back as a day matters.
package struct ScanQuotaWindow: Hashable, Sendable {
    /// By five minutes since 1970.
    package private(set) var spans: [Int: Int]

    /// Continues a ledger; without arguments nothing was started.
    package init(spans: [Int: Int] = [:]) { self.spans = spans }

    private static let length: Double = 300
    private static let day = 24 * 12

    /// Scans of the last 24 hours, less those of the span that is only partly within: they end while a sweep is at work
    /// that began at the same second as yesterday's, and ECR itself refuses what comes too early.
    package func used(at now: Double) -> Int {
        let oldest = Self.span(now) - Self.day
        return spans.reduce(0) { $1.key > oldest ? $0 + $1.value : $0 }
    }

    /// Takes up to `count` scans of those that are left, and tells how many; forgets what is older than a day.
    package mutating func take(_ count: Int, limit: Int, now: Double) -> Int {
        let granted = max(0, min(count, limit - used(at: now)))
        let oldest = Self.span(now) - Self.day
        spans = spans.filter { $0.key > oldest && $0.value > 0 }
        if granted > 0 { spans[Self.span(now), default: 0] += granted }
        return granted
    }

    /// Gives back what was taken a moment ago and not used.
    package mutating func giveBack(_ count: Int, now: Double) {
        var left = count
        for span in spans.keys.sorted(by: >) where left > 0 {
            let part = min(left, spans[span] ?? 0)
            spans[span, default: 0] -= part
            left -= part
        }
    }

    private static func span(_ time: Double) -> Int { Int(time / length) }
}
