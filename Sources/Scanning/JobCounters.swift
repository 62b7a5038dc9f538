package import Domain

/// The counts of one job's work; the queue adds them up for the sweep.
package struct JobCounters: Hashable, Sendable {
    /// Counts by name; a coverage state's name counts the images in that state.
    package private(set) var counts: [String: Int] = [:]

    /// All counts are zero.
    package init() {}

    /// Counts one image by its coverage; every state but `scanned` is a gap.
    package mutating func count(_ coverage: Coverage) {
        add(.images)
        add(coverage.state)
        if !coverage.isJudged { add(.gaps) }
    }

    /// Counts a repository that could not be listed; it is a gap.
    package mutating func countObstacle() {
        add(.repositoriesRefused)
        add(.gaps)
    }

    /// Adds `amount` to a counter.
    package mutating func add(_ counter: JobCounter, _ amount: Int = 1) { add(counter.rawValue, amount) }

    /// Adds to the number of images in a coverage state.
    package mutating func add(_ state: Coverage.State, _ amount: Int = 1) { add(state.rawValue, amount) }

    /// Adds to the number of artifacts of a kind.
    package mutating func add(_ kind: ArtifactKind, _ amount: Int) { add(kind.rawValue, amount) }

    /// Adds to the count of a name read from a cursor, which another version may have written.
    mutating func add(_ name: String, _ amount: Int) {
        guard amount != 0 else { return }
        counts[name, default: 0] += amount
    }
}
