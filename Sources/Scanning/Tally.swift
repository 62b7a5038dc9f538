package import Domain

/// What a job did, in numbers that the queue adds up for its sweep.
package struct Tally: Hashable, Sendable {
    /// Counts by name; the names of coverage states count images.
    package private(set) var counts: [String: Int] = [:]

    /// Has counted nothing yet.
    package init() {}

    /// Counts one image by what is known of it now; every state but `scanned` is a gap.
    package mutating func count(_ coverage: Coverage) {
        add("images")
        add(coverage.state.rawValue)
        if !coverage.isJudged { add("gaps") }
    }

    /// Counts a repository that could not be looked into.
    package mutating func countObstacle() {
        add("repositories_refused")
        add("gaps")
    }

    /// Adds to a number that is no coverage state, such as `written` or `scans_started`.
    package mutating func add(_ name: String, _ amount: Int = 1) {
        guard amount != 0 else { return }
        counts[name, default: 0] += amount
    }
}
