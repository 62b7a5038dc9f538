/// A sweep's progress: the report shows it, and the aggregator waits for its completion.
package struct SweepState: Hashable, Sendable {
    /// The sweep's name in the queue.
    package var id: SweepID
    /// Jobs enqueued so far; final once `isClosed`.
    package var total: Int
    /// Jobs that completed, with or without gaps.
    package var done: Int
    /// Jobs that became dead letters.
    package var dead: Int
    /// Jobs that were dropped when the sweep was cancelled.
    package var cancelled: Int
    /// Whether discovery has enqueued all jobs of the sweep.
    package var isClosed: Bool
    /// When the last job was over, in seconds since 1970; nil while jobs are left.
    package var completedAt: Double?
    /// How much could be judged; nil if the table has no record of the sweep.
    package var completeness: SweepCompleteness?

    /// Describes a sweep's progress; `completeness` is set later, from the table's record.
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

    /// Whether all jobs are over: completed, dead or cancelled.
    package var isComplete: Bool { completedAt != nil }
}

extension SweepState {
    /// Returns the unfinished sweeps; `sweeps` must be of one kind and sorted newest first.
    ///
    /// An unfinished sweep that is older than two completed ones was abandoned and is left out.
    package static func running<Sweep>(among sweeps: [Sweep], isComplete: (Sweep) -> Bool) -> [Sweep] {
        var completed = 0
        var running: [Sweep] = []
        for sweep in sweeps where completed < 2 {
            if isComplete(sweep) { completed += 1 } else { running.append(sweep) }
        }
        return running
    }
}
