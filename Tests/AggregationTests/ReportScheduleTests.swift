import Domain
import Testing

@testable import Aggregation

@Suite struct ReportScheduleTests {
    private static let idle = SweepGlance([])

    /// A schedule whose first report is stored.
    private static func reported() -> ReportSchedule {
        var schedule = ReportSchedule()
        _ = schedule.begin()
        schedule.didPublish(begun: 10, ended: 11, sweeps: idle)
        return schedule
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

    @Test func `A report that failed is due again, with what it should have told`() {
        var schedule = Self.reported()
        schedule.didChange(ReportScope(images: [Sample.place("a")]), at: 100)
        let scope = schedule.begin()
        schedule.didFail(scope)
        #expect(schedule.isDue(at: 102, sweeps: Self.idle))
        #expect(schedule.begin() == scope)
    }
}
