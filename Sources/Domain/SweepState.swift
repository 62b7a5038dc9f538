/// How far a sweep is: what the report tells of its own completeness, and what the aggregator waits for.
package struct SweepState: Hashable, Sendable {
    package var id: SweepID
    package var total: Int
    package var done: Int
    package var dead: Int
    package var cancelled: Int
    /// Whether everything it will ever hold is enqueued.
    package var isClosed: Bool
    /// Seconds since 1970; nil while jobs are left.
    package var completedAt: Double?
    /// How much of it could be judged; nil where nobody recorded its beginning.
    package var completeness: SweepCompleteness?

    /// Describes a sweep.
    package init(
        id: SweepID,
        total: Int,
        done: Int,
        dead: Int = 0,
        cancelled: Int = 0,
        isClosed: Bool,
        completedAt: Double?
    ) {
        self.id = id
        self.total = total
        self.done = done
        self.dead = dead
        self.cancelled = cancelled
        self.isClosed = isClosed
        self.completedAt = completedAt
    }

    /// Whether nothing of it is left to do.
    package var isComplete: Bool { completedAt != nil }
}

extension SweepState {
    /// Returns those of one kind's sweeps that still run; `sweeps` come newest first.
    ///
    /// An unfinished sweep that two later, completed ones have overtaken was abandoned and is left out.
    package static func running<Sweep>(among sweeps: [Sweep], isComplete: (Sweep) -> Bool) -> [Sweep] {
        var completed = 0
        var running: [Sweep] = []
        for sweep in sweeps where completed < 2 {
            if isComplete(sweep) { completed += 1 } else { running.append(sweep) }
        }
        return running
    }
}
