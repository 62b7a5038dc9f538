import Domain
import FleetRoles
import JobQueue
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

    @Test func `Only an ad-hoc sweep that nobody has finished enqueuing for hours is abandoned`() {
        let old = sweep(SweepID.adHoc(.collect, at: "20261123T000000Z.1").rawValue, isClosed: false)
        var young = sweep(SweepID.adHoc(.collect, at: "20261123T000000Z.2").rawValue, isClosed: false)
        young.openedAt = 90_000
        let others = [young, sweep("collect-20261123T000000Z", isClosed: false), sweep("scan-1.adhoc")]
        #expect(SweepStart.abandoned(among: [old] + others, at: 100_000) == [old.id])
    }
}

@Suite struct LeadTrustTests {
    @Test func `Trust ends when it was not extended, whatever a request that hangs may still say`() async throws {
        let trust = LeaseDeadline(until: .now + .milliseconds(300))
        let began = ContinuousClock.now
        var sleeps = 0
        try await trust.expired { wait in
            sleeps += 1
            // Instead of a sleep, which on a busy machine may last until the extended trust has ended, too.
            if sleeps == 1 { return trust.extend(until: .now + .milliseconds(600)) }
            try await Task.sleep(for: wait)
        }
        #expect(sleeps >= 2)
        #expect(ContinuousClock.now - began >= .milliseconds(600))
        trust.extend(until: .now - .seconds(1))
        try await trust.expired { _ in Issue.record("an earlier time extended it") }
    }
}
