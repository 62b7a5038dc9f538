/// The scans that were started in one registry in the last 24 hours, in spans of five minutes.
package struct ScanQuotaWindow: Hashable, Sendable {
    /// Number of scans by span; a span's key is its start in units of five minutes since 1970.
    package private(set) var spans: [Int: Int]

    /// Continues a stored window; without arguments, no scan was started yet.
    package init(spans: [Int: Int] = [:]) { self.spans = spans }

    private static let length: Double = 300
    private static let day = 24 * 12

    /// Scans of the last 24 hours, without the span that lies only partly within them.
    ///
    /// If a sweep begins at the same second as yesterday's, that span leaves the 24 hours while the sweep is running. A scan
    /// that comes too early is refused by ECR itself.
    package func used(at now: Double) -> Int {
        let oldest = Self.span(now) - Self.day
        return spans.reduce(0) { $1.key > oldest ? $0 + $1.value : $0 }
    }

    /// Takes up to `count` of the scans that are left and returns how many; drops spans older than 24 hours.
    package mutating func take(_ count: Int, limit: Int, now: Double) -> Int {
        let granted = max(0, min(count, limit - used(at: now)))
        let oldest = Self.span(now) - Self.day
        spans = spans.filter { $0.key > oldest && $0.value > 0 }
        if granted > 0 { spans[Self.span(now), default: 0] += granted }
        return granted
    }

    /// Takes `count` scans, which were not started after all, off the newest spans.
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
