import Domain
import JobQueue
import Testing

@testable import FleetRoles

@Suite struct QueueFlowTests {
    private func sweep(
        _ id: String,
        opened: Double = 0,
        completed: Double? = nil,
        _ change: (inout SweepProgress) -> Void = { _ in }
    ) -> SweepProgress {
        var sweep = SweepProgress(id: id)
        sweep.openedAt = opened
        sweep.completedAt = completed
        change(&sweep)
        return sweep
    }

    private func counts(_ steps: [QueueCounters.Step: Int], _ kind: String) -> [String: Int] {
        var counts: [String: Int] = [:]
        for (step, count) in steps where step.kind == kind && count != 0 { counts[step.transition] = count }
        return counts
    }

    @Test func `The first look remembers, and names every step with zero`() {
        var flow = QueueCounters()
        let steps = flow.advance(to: [sweep("scan-1") { $0.total = 100 }])
        #expect(steps.count == 12)
        #expect(steps.values.allSatisfy { $0 == 0 })
    }

    @Test func `Only what came since is counted, also of a sweep that is new`() {
        var flow = QueueCounters()
        _ = flow.advance(to: [sweep("scan-1") { $0.total = 100 }])
        let steps = flow.advance(to: [
            sweep("collect-2") { $0.total = 7 },
            sweep("scan-1") {
                $0.total = 110
                $0.done = 3
                $0.retried = 2
            },
        ])
        #expect(counts(steps, "scan") == ["enqueued": 10, "done": 3, "retried": 2])
        #expect(counts(steps, "collect") == ["enqueued": 7])
    }

    @Test func `A sweep that expired, or that Redis forgot, takes nothing away`() {
        var flow = QueueCounters()
        _ = flow.advance(to: [sweep("scan-1") { $0.done = 100 }, sweep("scan-2") { $0.done = 50 }])
        let steps = flow.advance(to: [sweep("scan-2") { $0.done = 10 }])
        #expect(steps.values.allSatisfy { $0 == 0 })
    }

    @Test func `A sweep runs since the oldest unfinished one was opened`() throws {
        let sweeps = [
            sweep("scan-3", opened: 30), sweep("scan-2", opened: 20), sweep("scan-1", opened: 10, completed: 15),
        ]
        let overview = try #require(SweepOverview(of: .scan, in: sweeps))
        #expect(overview.runningSince == 20)
        #expect(overview.newest.id == "scan-3")
        #expect(SweepOverview(of: .collect, in: sweeps) == nil)
    }

    @Test func `A sweep that two later ones have overtaken was abandoned`() throws {
        let sweeps = [
            sweep("scan-3", opened: 30, completed: 35), sweep("scan-2", opened: 20, completed: 25),
            sweep("scan-1", opened: 10),
        ]
        #expect(try #require(SweepOverview(of: .scan, in: sweeps)).runningSince == nil)
    }

    @Test func `The states of a sweep's jobs add up to all of them`() throws {
        let running = sweep("scan-1") {
            $0.total = 10
            $0.done = 4
            $0.dead = 1
            $0.cancelled = 2
        }
        let jobs = try #require(SweepOverview(of: .scan, in: [running])).jobs
        #expect(jobs.map(\.count).reduce(0, +) == 10)
        #expect(jobs.last?.count == 3)
    }
}
