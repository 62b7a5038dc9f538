internal import Domain
internal import JobQueue
internal import Observability

extension CoordinatorRole {
    /// Stores and exports the completeness of sweeps that completed since the last call; `known` are the earlier ones.
    func exportCompleteness(_ sweeps: [SweepProgress], known: inout Set<String>, _ fence: Fence) async throws {
        let ended = sweeps.filter { $0.isComplete && !known.contains($0.id) }
        guard !ended.isEmpty else { return }
        let records = SweepRecords(store: assembly.store)
        try await records.record(ended, fence: fence.number)
        // The newest scheduled sweep counts; an ad-hoc sweep may cover a single repository.
        let states = try await records.states(sweeps.filter(\.isComplete))
        for kind in SweepKind.allCases {
            let newest = states.first { $0.id.kind == kind && !$0.id.isAdHoc }?.completeness
            guard let newest else { continue }
            assembly.metrics.set(.sweepCompleteness, [("kind", kind.rawValue)], to: newest.ratio)
            guard kind == .collect else { continue }
            for state in Coverage.State.allCases {
                assembly.metrics.set(
                    .coverageImages,
                    [("state", state.rawValue)],
                    to: Double(newest.states[state] ?? 0)
                )
            }
        }
        known = Set(sweeps.filter(\.isComplete).map(\.id))
    }
}
