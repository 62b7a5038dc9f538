import Domain
import Testing

@testable import Notifications

@Suite struct NoteScheduleTests {
    private func asks(_ schedule: GroupWait, at now: Double) -> Bool {
        schedule.isTimeToAsk(at: now, muteSchedule: MuteSchedule())
    }

    @Test func `Notes are announced a moment after the last`() {
        var schedule = GroupWait()
        #expect(!asks(schedule, at: 100))
        schedule.didNote(at: 100)
        #expect(!asks(schedule, at: 100.5))
        schedule.didNote(at: 100.5)
        #expect(!asks(schedule, at: 101.4))
        #expect(asks(schedule, at: 101.5))
    }

    @Test func `NotificationContent that never ceases does not wait for its end`() {
        var schedule = GroupWait()
        var firstAsked: Double?
        for half in 0..<40 where firstAsked == nil {
            let now = 100 + Double(half) / 2
            schedule.didNote(at: now)
            if asks(schedule, at: now) { firstAsked = now }
        }
        #expect(firstAsked == 105)
    }
}
