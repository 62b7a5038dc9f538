package import Domain
package import JobQueue

/// What becomes of a due sweep while an earlier one of its kind is unfinished.
package enum SweepOverlap: String, Sendable {
    /// It starts when the earlier one is complete.
    case wait
    /// The earlier one is cancelled.
    case cancel
}

/// What has to happen before a scheduled sweep may start.
package struct SweepStart: Hashable {
    /// Sweeps to cancel first.
    package var cancelled: [String] = []
    /// An earlier sweep that has to complete first.
    package var awaited: String?

    /// Decides for the sweep `id`, which is itself never in its own way; ad-hoc sweeps are in nobody's.
    package init(of id: SweepID, beside sweeps: [SweepProgress], overlap: SweepOverlap) {
        for other in sweeps where other.id != id.rawValue && !other.isComplete && !other.isStopped {
            let otherID = SweepID(rawValue: other.id)
            guard otherID.kind == id.kind, !otherID.isAdHoc else { continue }
            // Its slot is over, so nobody enqueues the rest of what is not closed: it would never complete.
            if overlap == .cancel || !other.isClosed {
                cancelled.append(other.id)
            } else {
                awaited = other.id
            }
        }
    }

    /// Ad-hoc sweeps whose command must have died before it had enqueued them: they would stay open for ever.
    package static func abandoned(among sweeps: [SweepProgress], at now: Double) -> [String] {
        let patience = 6.0 * 3600
        return sweeps.filter {
            SweepID(rawValue: $0.id).isAdHoc && !$0.isClosed && !$0.isStopped && now - $0.openedAt > patience
        }.map(\.id)
    }
}
