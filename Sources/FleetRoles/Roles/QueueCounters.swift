internal import Domain
internal import JobQueue

/// Turns the sums that Redis keeps for each sweep into counters for the whole fleet.
///
/// A sweep's sums expire with it, and a counter must never fall: so only the increases between two readings are added.
struct QueueCounters {
    /// The labels of one counter: the kind of sweep and the transition, such as `retried`.
    struct Step: Hashable {
        var kind: String
        var transition: String
    }

    private typealias Sums = [(transition: String, count: Int)]

    private var seen: [String: [String: Int]]?

    /// Returns the increase of each counter since the last call.
    ///
    /// The first call only remembers the sums. It returns every step with zero, because Prometheus sees the first
    /// increase only of a counter that existed before.
    mutating func advance(to sweeps: [SweepProgress]) -> [Step: Int] {
        var steps: [Step: Int] = [:]
        for kind in SweepKind.allCases {
            for sum in Self.sums(of: SweepProgress(id: "")) {
                steps[Step(kind: kind.rawValue, transition: sum.transition)] = 0
            }
        }
        var next: [String: [String: Int]] = [:]
        for sweep in sweeps {
            let sums = Self.sums(of: sweep)
            next[sweep.id] = Dictionary(uniqueKeysWithValues: sums.map { ($0.transition, $0.count) })
            guard let seen, let kind = SweepID(rawValue: sweep.id).kind else { continue }
            for sum in sums {
                let before = seen[sweep.id]?[sum.transition] ?? 0
                steps[Step(kind: kind.rawValue, transition: sum.transition), default: 0] += max(0, sum.count - before)
            }
        }
        seen = next
        return steps
    }

    private static func sums(of sweep: SweepProgress) -> Sums {
        SweepProgress.Counter.allCases.map { ($0 == .total ? "enqueued" : $0.rawValue, sweep[$0]) }
    }
}

/// What the metrics show of the sweeps of one kind.
struct SweepOverview {
    /// The newest sweep of the kind, whatever its state.
    let newest: SweepProgress
    /// When the oldest running sweep was opened, in seconds since 1970; nil when none runs.
    let runningSince: Double?

    /// Nil when there is no sweep of the kind; `sweeps` must come newest first.
    init?(of kind: SweepKind, in sweeps: [SweepProgress]) {
        let ours = sweeps.filter { SweepID(rawValue: $0.id).kind == kind }
        guard let newest = ours.first else { return nil }
        self.newest = newest
        runningSince = SweepState.running(among: ours, isComplete: \.isComplete).map(\.openedAt).min()
    }

    /// The newest sweep's jobs by state; the four counts add up to its total.
    var jobs: [(state: String, count: Int)] {
        let ended: [SweepProgress.Counter] = [.done, .dead, .cancelled]
        return ended.map { ($0.rawValue, newest[$0]) } + [("remaining", newest.remaining)]
    }
}
