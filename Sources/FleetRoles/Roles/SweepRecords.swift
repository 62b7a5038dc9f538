package import Domain
package import FindingStore
package import JobQueue

/// Joins the progress of sweeps in Redis, which expires, with their records in the table, which stay.
package struct SweepRecords: Sendable {
    let store: FindingStore

    /// Reads and writes the records in the table of `store`.
    package init(store: FindingStore) { self.store = store }

    /// Returns the sweeps in the given order with their completeness; nil for a sweep without a record in the table.
    package func states(_ sweeps: [SweepProgress]) async throws -> [SweepState] {
        let records = try await store.sweeps(sweeps.map { SweepID(rawValue: $0.id) })
        return sweeps.map { progress in
            var state = SweepState(progress)
            if let record = records[state.id] {
                state.completeness = SweepCompleteness(state, tallies: progress.tallies, record: record)
            }
            return state
        }
    }

    /// Stores the completeness of complete sweeps whose record lacks it, because Redis' copy expires.
    ///
    /// `fence` is the leader's number: a record that a newer leader has written stays as it is.
    package func record(_ sweeps: [SweepProgress], fence: Int) async throws {
        let finished = sweeps.filter(\.isComplete)
        guard !finished.isEmpty else { return }
        let records = try await store.sweeps(finished.map { SweepID(rawValue: $0.id) })
        for progress in finished {
            let state = SweepState(progress)
            guard var record = records[state.id] else { continue }
            let completeness = SweepCompleteness(state, tallies: progress.tallies, record: record)
            guard record.completeness != completeness else { continue }
            record.completeness = completeness
            // A stale write is fine: a newer leader has stored the same completeness.
            try await store.put(record, fence: fence)
        }
    }
}

extension SweepState {
    /// Translates the queue's progress of a sweep into the domain's.
    init(_ progress: SweepProgress) {
        self.init(
            id: SweepID(rawValue: progress.id),
            total: progress.total,
            done: progress.done,
            dead: progress.dead,
            cancelled: progress.cancelled,
            isClosed: progress.isClosed,
            completedAt: progress.completedAt
        )
    }
}

extension SweepCompleteness {
    /// One line for a person: verdict, gaps, share of judged images (rounded down), images by state, refused places.
    package var line: String {
        let words = states.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.key.rawValue) \($0.value)" }
        let refused = [(refusedPlaces, "accounts and registries"), (refusedRepositories, "repositories")]
            .filter { $0.0 > 0 }.map { "\($0.0) \($0.1) refused" }
        let percent = Int((ratio * 1000).rounded(.down))
        let share = "\(percent / 10).\(percent % 10) % judged"
        return ([verdict.rawValue.replacing("_", with: " "), "\(gaps) gaps", share] + words + refused)
            .joined(separator: ", ")
    }
}
