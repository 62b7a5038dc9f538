package import Domain
package import JobQueue

/// What the coordinator does when a sweep is due and an earlier one of its kind is unfinished.
package enum SweepOverlap: String, Sendable {
    /// The due sweep starts when the earlier one is complete.
    case wait
    /// The earlier sweep is cancelled, and the due one starts at once.
    case cancel
}

/// The earlier sweeps that a scheduled sweep has to cancel, or to wait for, before it starts.
package struct SweepStart: Hashable {
    /// Ids of the sweeps to cancel first.
    package var cancelled: [String] = []
    /// Id of the earlier sweep that has to complete first; nil when there is none.
    package var awaited: String?

    /// Compares the sweep `id` with the other sweeps of its kind; ad-hoc sweeps never delay a scheduled one.
    package init(of id: SweepID, beside sweeps: [SweepProgress], overlap: SweepOverlap) {
        for other in sweeps where other.id != id.rawValue && !other.isComplete && !other.isStopped {
            let otherID = SweepID(rawValue: other.id)
            guard otherID.kind == id.kind, !otherID.isAdHoc else { continue }
            // An earlier sweep's slot is over: if it is not closed, nobody enqueues its rest, and it never completes.
            if overlap == .cancel || !other.isClosed {
                cancelled.append(other.id)
            } else {
                awaited = other.id
            }
        }
    }

    /// Returns the ad-hoc sweeps that are not closed after six hours: their command died, so they would never complete.
    package static func abandoned(among sweeps: [SweepProgress], at now: Double) -> [String] {
        let patience = 6.0 * 3600
        return sweeps.filter {
            SweepID(rawValue: $0.id).isAdHoc && !$0.isClosed && !$0.isStopped && now - $0.openedAt > patience
        }.map(\.id)
    }
}
