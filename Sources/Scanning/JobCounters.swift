package import Domain

/// What a job did, in numbers that the queue adds up for its sweep.
package struct JobCounters: Hashable, Sendable {
    /// Counts by name; the names of coverage states count images.
    package private(set) var counts: [String: Int] = [:]

    /// Has counted nothing yet.
    package init() {}

    /// Counts one image by what is known of it now; every state but `scanned` is a gap.
    package mutating func count(_ coverage: Coverage) {
        add(.images)
        add(coverage.state)
        if !coverage.isJudged { add(.gaps) }
    }

    /// Counts a repository that could not be looked into.
    package mutating func countObstacle() {
        add(.repositoriesRefused)
        add(.gaps)
    }

    /// Adds to a counter.
    package mutating func add(_ counter: JobCounter, _ amount: Int = 1) { add(counter.rawValue, amount) }

    /// Adds to the number of images in a coverage state.
    package mutating func add(_ state: Coverage.State, _ amount: Int = 1) { add(state.rawValue, amount) }

    /// Adds to the number of artifacts of a kind.
    package mutating func add(_ kind: ArtifactKind, _ amount: Int) { add(kind.rawValue, amount) }

    /// Adds to a number by the name that a cursor holds, which may be that of another version.
    mutating func add(_ name: String, _ amount: Int) {
        guard amount != 0 else { return }
        counts[name, default: 0] += amount
    }
}
