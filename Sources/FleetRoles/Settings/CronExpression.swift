internal import Support

/// The five fields of cron: minute, hour, day of month, month, day of week (0 or 7 is Sunday); lists, ranges and steps.
package struct CronExpression: Hashable, Sendable {
    private let minutes: Set<Int>
    private let hours: Set<Int>
    private let days: Set<Int>
    private let months: Set<Int>
    private let weekdays: Set<Int>
    /// Vixie cron's rule: when both day of month and day of week are restricted, one match is enough.
    private let matchesEitherDay: Bool

    /// Reads an expression such as `30 2 * * 1-5`.
    package init(_ text: String) throws(Schedule.Malformed) {
        let fields = text.split(whereSeparator: \.isWhitespace).map(String.init)
        guard fields.count == 5 else {
            throw Schedule.Malformed(description: "a cron expression has five fields, \(text) has \(fields.count)")
        }
        minutes = try Self.values(fields[0], 0...59)
        hours = try Self.values(fields[1], 0...23)
        days = try Self.values(fields[2], 1...31)
        months = try Self.values(fields[3], 1...12)
        weekdays = Set(try Self.values(fields[4], 0...7).map { $0 % 7 })
        matchesEitherDay = !fields[2].hasPrefix("*") && !fields[4].hasPrefix("*")
    }

    /// Returns the last matching minute before `time`, in seconds since 1970; nil when five years have none.
    package func last(before time: Int) -> Int? {
        var minute = (time - 1) / 60 * 60
        let end = time - 5 * 366 * 86400
        while minute > end {
            let civil = UTCTime(seconds: minute)
            if !matchesDay(civil) {
                minute = minute / 86400 * 86400 - 60
            } else if !hours.contains(civil.hour) {
                minute = minute / 3600 * 3600 - 60
            } else if !minutes.contains(civil.minute) {
                minute -= 60
            } else {
                return minute
            }
        }
        return nil
    }

    private func matchesDay(_ civil: UTCTime) -> Bool {
        guard months.contains(civil.month) else { return false }
        let matchesDate = days.contains(civil.day)
        let matchesWeekday = weekdays.contains(civil.weekday)
        return matchesEitherDay ? matchesDate || matchesWeekday : matchesDate && matchesWeekday
    }

    private static func values(_ field: String, _ range: ClosedRange<Int>) throws(Schedule.Malformed) -> Set<Int> {
        var values: Set<Int> = []
        for part in field.split(separator: ",", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let step = pieces.count == 2 ? Int(pieces[1]) : 1
            guard let span = span(pieces[0], range, hasStep: pieces.count == 2), let step, step > 0 else {
                throw Schedule.Malformed(
                    description: "\(part) is no cron field from \(range.lowerBound) to \(range.upperBound)"
                )
            }
            values.formUnion(stride(from: span.lowerBound, through: span.upperBound, by: step))
        }
        return values
    }

    private static func span(_ text: String, _ range: ClosedRange<Int>, hasStep: Bool) -> ClosedRange<Int>? {
        if text == "*" { return range }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard let first = ends.first ?? nil, range.contains(first) else { return nil }
        switch ends.count {
        case 1: return hasStep ? first...range.upperBound : first...first
        case 2:
            guard let last = ends[1], range.contains(last), first <= last else { return nil }
            return first...last
        default: return nil
        }
    }
}
