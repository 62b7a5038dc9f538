/// A moment of UTC's calendar, for the reports; proleptic Gregorian, without leap seconds, as POSIX counts.
struct UTCTime {
    private let year: Int
    private let month: Int
    private let day: Int
    private let secondOfDay: Int

    /// Takes seconds since 1970; fractions are dropped.
    init(secondsSince1970 seconds: Double) {
        let whole = Int(seconds.rounded(.down))
        let days = (Double(whole) / 86_400).rounded(.down)
        secondOfDay = whole - Int(days) * 86_400
        // Days are counted from 1 March of year 0, so that a leap day is the last of its year and 400 years are an era.
        let shifted = Int(days) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// `2026-11-23T09:00:00Z`.
    var iso8601: String { "\(date)T\(time)Z" }

    /// `2026-11-23 09:00:00`, as the seed's dashboard expects it.
    var seed: String { "\(date) \(time)" }

    private var date: String { "\(padded(year, to: 4))-\(padded(month, to: 2))-\(padded(day, to: 2))" }

    private var time: String {
        [secondOfDay / 3600, secondOfDay / 60 % 60, secondOfDay % 60].map { padded($0, to: 2) }.joined(separator: ":")
    }

    private func padded(_ number: Int, to width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
