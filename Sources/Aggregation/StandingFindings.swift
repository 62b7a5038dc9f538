package import Domain

/// In how many images of each room a vulnerability was last told to be: what an all-clear is measured by.
package struct StandingFindings: Sendable {
    private var counts: [String: [String: Int]] = [:]

    /// Counts nothing yet.
    package init() {}

    /// How many images of `room` have it.
    package func count(of vulnerability: String, in room: String) -> Int { counts[room]?[vulnerability] ?? 0 }

    /// Replaces what an image of `room` has; only what reaches `threshold` counts.
    package mutating func replace(_ before: [Finding], by after: [Finding], in room: String, threshold: Severity) {
        let old = Self.ids(before, threshold)
        let new = Self.ids(after, threshold)
        for id in old.subtracting(new) {
            let left = (counts[room]?[id] ?? 0) - 1
            counts[room]?[id] = left > 0 ? left : nil
        }
        for id in new.subtracting(old) { counts[room, default: [:]][id, default: 0] += 1 }
    }

    private static func ids(_ findings: [Finding], _ threshold: Severity) -> Set<String> {
        Set(findings.lazy.filter { $0.severity.rank >= threshold.rank }.map(\.key.vulnerability))
    }
}
