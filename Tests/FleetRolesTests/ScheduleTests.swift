import FleetRoles
import Testing

@Suite struct ScheduleTests {
    /// 2026-11-23T09:30:00Z, a Monday.
    private let monday = 1_795_426_200

    @Test func `An interval's slots are the same for every coordinator`() throws {
        let schedule = try Schedule("3h")
        #expect(schedule.slot(at: monday) == 1_795_424_400)
        #expect(schedule.slot(at: 1_795_424_400) == 1_795_424_400)
    }

    @Test(arguments: [
        "", "3", "h", "0h", "-1h", "3w", "1.5h", "400d", "* * * *", "60 * * * *", "* * 0 * *", "a * * * *",
        "*/0 * * * *",
    ])
    func `Malformed schedules are refused`(text: String) {
        #expect(throws: Schedule.Malformed.self) { try Schedule(text) }
    }

    @Test(arguments: [
        ("0 * * * *", 1_795_424_400), ("30 9 * * *", 1_795_426_200), ("31 9 * * *", 1_795_339_860),
        ("0 0 * * 0", 1_795_305_600), ("0 0 * * 7", 1_795_305_600), ("*/20 8-9 * * 1-5", 1_795_425_600),
        ("0 0 1 * *", 1_793_491_200), ("0 0 29 2 *", 1_709_164_800),
    ])
    func `Cron's last slot`(text: String, expected: Int) throws {
        #expect(try Schedule(text).slot(at: monday) == expected)
    }

    @Test(arguments: [
        ("3h", 10800), ("0 * * * *", 3600), ("0 8 * * 1-5", 3 * 86400), ("0 0 29 2 *", 4 * 366 * 86400 - 3 * 86400),
    ])
    func `The longest that may pass between two slots`(text: String, expected: Int) throws {
        #expect(try Schedule(text).longestInterval(at: monday) == expected)
    }

    @Test func `Off has no slots`() throws {
        #expect(try Schedule("off").longestInterval(at: monday) == nil)
        #expect(try Schedule("off").slot(at: monday) == nil)
    }
}
