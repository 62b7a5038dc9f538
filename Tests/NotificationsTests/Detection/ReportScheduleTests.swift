import Domain
import Testing

@testable import Notifications

@Suite struct ReportScheduleTests {
    private static let idle = SweepActivity([])

    /// A schedule whose first report is stored.
    private static func reported() -> ReportSchedule {
        var schedule = ReportSchedule()
        _ = schedule.begin()
        schedule.didPublish(begun: 10, ended: 11, sweeps: idle)
        return schedule
    }

    private static func ended(_ sweep: SweepID) -> SweepActivity {
        SweepActivity([SweepState(id: sweep, total: 1, done: 1, isClosed: true, completedAt: 99)])
    }

    @Test func `A change is reported once others had time to come`() {
        var schedule = Self.reported()
        #expect(!schedule.isDue(at: 100, sweeps: Self.idle))
        schedule.didChange(ReportScope(images: [Sample.place("a")]), at: 100)
        #expect(!schedule.isDue(at: 101, sweeps: Self.idle))
        #expect(schedule.isDue(at: 102, sweeps: Self.idle))
        #expect(schedule.begin() == ReportScope(images: [Sample.place("a")]))
        schedule.didPublish(begun: 102, ended: 103, sweeps: Self.idle)
        #expect(!schedule.isDue(at: 1000, sweeps: Self.idle))
    }

    @Test func `What changes while a report is built asks for the next`() {
        var schedule = Self.reported()
        schedule.didChange(ReportScope(images: [Sample.place("a")]), at: 100)
        _ = schedule.begin()
        schedule.didChange(ReportScope(images: [Sample.place("b")]), at: 103)
        schedule.didPublish(begun: 102, ended: 104, sweeps: Self.idle)
        #expect(!schedule.isDue(at: 104, sweeps: Self.idle))
        #expect(schedule.isDue(at: 105, sweeps: Self.idle))
        #expect(schedule.begin() == ReportScope(images: [Sample.place("b")]))
    }

    @Test func `A sweep that ended is reported once its last changes were read`() throws {
        var schedule = Self.reported()
        let ended = Self.ended(SweepID(kind: .collect, slot: "1"))
        schedule.didChange(ReportScope(images: [Sample.place("a")]), at: 90)
        schedule.didCatchUp(asked: 99.5)
        schedule.didSee(ended, at: 100)
        #expect(!schedule.isDue(at: 100, sweeps: ended), "the stream is a moment behind")
        schedule.didCatchUp(asked: 100.5)
        #expect(schedule.isDue(at: 101, sweeps: ended))
        _ = schedule.begin()
        schedule.didPublish(begun: 101, ended: 102, sweeps: ended)
        #expect(!schedule.isDue(at: 200, sweeps: ended))
    }

    @Test func `A stream that is stuck does not hold up the report of a sweep`() {
        var schedule = Self.reported()
        let ended = Self.ended(SweepID(kind: .scan, slot: "1"))
        schedule.didSee(ended, at: 100)
        #expect(!schedule.isDue(at: 100, sweeps: ended))
        schedule.didSee(ended, at: 109)
        #expect(!schedule.isDue(at: 109, sweeps: ended))
        #expect(schedule.isDue(at: 110, sweeps: ended))
    }

    @Test func `A report that failed is due again, with what it should have announced`() {
        var schedule = Self.reported()
        schedule.didChange(ReportScope(images: [Sample.place("a")]), at: 100)
        let scope = schedule.begin()
        schedule.didFail(scope)
        #expect(schedule.isDue(at: 102, sweeps: Self.idle))
        #expect(schedule.begin() == scope)
    }
}
