import Domain
import Testing

@Suite struct SweepCompletenessTests {
    private let id = SweepID(kind: .collect, slot: "20261123T090000Z")

    private func completeness(
        _ tallies: [String: Int],
        refused: Int = 0,
        dead: Int = 0,
        isOver: Bool = true
    ) -> SweepCompleteness {
        let state = SweepState(
            id: id,
            total: 10,
            done: 10 - dead,
            dead: dead,
            isClosed: true,
            completedAt: isOver ? 1 : nil
        )
        let record = SweepRecord(id: id, accounts: 3, registries: 5, repositories: 10, refusedPlaces: refused)
        return SweepCompleteness(state, tallies: tallies, record: record)
    }

    @Test func `A sweep is complete only where nothing was refused and everything judged`() {
        let whole = completeness(["images": 7, "scanned": 7])
        #expect(whole.verdict == .complete && whole.ratio == 1)
        #expect(completeness(["images": 7, "scanned": 6, "failed": 1, "gaps": 1]).verdict == .completeWithGaps)
        #expect(completeness(["images": 7, "scanned": 7], refused: 1).verdict == .completeWithGaps)
        #expect(completeness(["images": 7, "scanned": 7], dead: 1).verdict == .failed)
        #expect(completeness(["images": 7, "scanned": 7], isOver: false).verdict == .running)
    }

    @Test func `The ratio counts refused places and lost repositories against it`() {
        let tallies = ["images": 6, "scanned": 5, "never_scanned": 1, "gaps": 2, "repositories_refused": 1]
        let some = completeness(tallies, refused: 2, dead: 1)
        #expect(some.gaps == 5)
        #expect(some.refusedRepositories == 2)
        #expect(some.states == [.scanned: 5, .neverScanned: 1])
        #expect(some.ratio == 0.5)
        #expect(completeness([:]).ratio == 1)
    }

    @Test func `A person's sweep is announced from a scheduled one`() {
        #expect(SweepID.adHoc(.scan, at: "20261123T090000Z").isAdHoc)
        #expect(SweepID.adHoc(.scan, at: "1").kind == .scan)
        #expect(!id.isAdHoc)
    }
}
