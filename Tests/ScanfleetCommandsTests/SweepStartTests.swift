import Domain
import JobQueue
import ScanfleetCommands
import Testing

@Suite struct SweepStartTests {
    private let due = SweepID(kind: .collect, slot: "20261123T090000Z")

    private func sweep(_ id: String, isClosed: Bool = true, isComplete: Bool = false) -> SweepProgress {
        var sweep = SweepProgress(id: id)
        sweep.isClosed = isClosed
        sweep.completedAt = isComplete ? 1 : nil
        return sweep
    }

    @Test(arguments: [SweepOverlap.wait, .cancel])
    func `Nothing is in the way of a sweep but its own kind's schedule`(overlap: SweepOverlap) {
        var stopped = sweep("collect-20261123T030000Z")
        stopped.isStopped = true
        let others = [
            sweep(due.rawValue, isClosed: false), sweep("scan-20261123T000000Z"), stopped,
            sweep(SweepID.adHoc(.collect, at: "20261123T085900Z.1").rawValue),
            sweep("collect-20261123T000000Z", isComplete: true),
        ]
        let start = SweepStart(of: due, beside: others, overlap: overlap)
        #expect(start.cancelled.isEmpty)
        #expect(start.awaited == nil)
    }

    @Test func `An earlier sweep is waited for or cancelled, as configured`() {
        let others = [sweep("collect-20261123T060000Z")]
        #expect(SweepStart(of: due, beside: others, overlap: .wait).awaited == "collect-20261123T060000Z")
        let start = SweepStart(of: due, beside: others, overlap: .cancel)
        #expect(start.cancelled == ["collect-20261123T060000Z"])
        #expect(start.awaited == nil)
    }

    @Test func `What was never enqueued to its end is always cancelled, because nobody will complete it`() {
        let others = [sweep("collect-20261123T060000Z", isClosed: false)]
        let start = SweepStart(of: due, beside: others, overlap: .wait)
        #expect(start.cancelled == ["collect-20261123T060000Z"])
        #expect(start.awaited == nil)
    }
}
