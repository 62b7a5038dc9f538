internal import Domain
internal import JobQueue

/// What happened to jobs between two looks at the sweeps: Redis keeps sums for each sweep, which expire with it, and
/// a counter must not fall.
struct QueueCounters {
    /// What a counter counts.
    struct Step: Hashable {
        var kind: String
        var transition: String
    }

    private typealias Sums = [(transition: String, count: Int)]

    private var seen: [String: [String: Int]]?

    /// What came since the last look.
    ///
    /// The first look only remembers, and names every step with zero, so that a counter exists before it first rises.
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

/// What a dashboard wants to know of the sweeps of one kind.
struct SweepOverview {
    /// The newest, whatever its state.
    let newest: SweepProgress
    /// When the oldest that still runs was opened, in seconds since 1970.
    let runningSince: Double?

    /// Nil where there is no sweep of the kind; `sweeps` come newest first.
    init?(of kind: SweepKind, in sweeps: [SweepProgress]) {
        let ours = sweeps.filter { SweepID(rawValue: $0.id).kind == kind }
        guard let newest = ours.first else { return nil }
        self.newest = newest
        runningSince = SweepState.running(among: ours, isComplete: \.isComplete).map(\.openedAt).min()
    }

    /// Its jobs by state; together they are all.
    var jobs: [(state: String, count: Int)] {
        let ended: [SweepProgress.Counter] = [.done, .dead, .cancelled]
        return ended.map { ($0.rawValue, newest[$0]) } + [("remaining", newest.remaining)]
    }
}
