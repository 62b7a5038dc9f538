package import Domain

/// Per room, how many images are announced to have each vulnerability, at any severity; at zero, an all-clear is sent.
///
/// A vulnerability is not gone if its severity fell below the threshold, or if its images moved to another room.
package struct OpenFindingCounts: Sendable {
    private var counts: [String: [String: Int]] = [:]

    /// Begins with no counts.
    package init() {}

    /// How many images of `room` have the vulnerability.
    package func count(of vulnerability: String, in room: String) -> Int { counts[room]?[vulnerability] ?? 0 }

    /// How many images of all rooms have the vulnerability.
    package func count(of vulnerability: String) -> Int { counts.values.reduce(0) { $0 + ($1[vulnerability] ?? 0) } }

    /// Replaces the findings of one image of `room`.
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
