package import Domain

/// In how many images of each room a vulnerability was last told to be, at whatever severity: what an all-clear is measured by.
///
/// A vulnerability that became milder than what is told, or whose images are another room's by now, is not gone.
package struct OpenFindingCounts: Sendable {
    private var counts: [String: [String: Int]] = [:]

    /// Counts nothing yet.
    package init() {}

    /// How many images of `room` have it.
    package func count(of vulnerability: String, in room: String) -> Int { counts[room]?[vulnerability] ?? 0 }

    /// How many images of all rooms have it.
    package func count(of vulnerability: String) -> Int { counts.values.reduce(0) { $0 + ($1[vulnerability] ?? 0) } }

    /// Replaces what an image of `room` has.
    package mutating func replace(_ before: [Finding], by after: [Finding], in room: String) {
        let old = Set(before.map(\.key.vulnerability))
        let new = Set(after.map(\.key.vulnerability))
        for id in old.subtracting(new) {
            let left = (counts[room]?[id] ?? 0) - 1
            counts[room]?[id] = left > 0 ? left : nil
        }
        for id in new.subtracting(old) { counts[room, default: [:]][id, default: 0] += 1 }
    }
}
