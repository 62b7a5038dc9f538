package import Domain
package import FindingStore
package import JobQueue

/// Joins what the queue knows of sweeps with what the table remembers of them.
package struct SweepRecords: Sendable {
    let store: FindingStore

    /// Reads and writes the sweeps' records in this store.
    package init(store: FindingStore) { self.store = store }

    /// The sweeps with their completeness; one that was never recorded has none.
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

    /// Writes down what finished sweeps came to, where that is not there yet: Redis forgets them after a while.
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
            // Where a newer leader has written it, that one knows as much.
            try await store.put(record, fence: fence)
        }
    }
}

extension SweepState {
    /// The queue's record of a sweep in the domain's words.
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
    /// One line for a person.
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
