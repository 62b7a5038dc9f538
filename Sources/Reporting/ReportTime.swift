internal import Support

/// A time in the formats of the report's files.
struct ReportTime {
    /// Whole seconds since 1970.
    let seconds: Double

    /// Takes seconds since 1970; fractions are dropped.
    init(secondsSince1970 seconds: Double) { self.seconds = seconds.rounded(.down) }

    /// Reads `iso8601`.
    init(parsing text: String) throws(UnknownWord) {
        let numbers = text.split { !("0"..."9").contains($0) }.compactMap { Int($0) }
        guard numbers.count == 6, text.utf8.count == 20 else { throw UnknownWord(word: text) }
        let days = UTCTime.days(year: numbers[0], month: numbers[1], day: numbers[2])
        seconds = Double(((days * 24 + numbers[3]) * 60 + numbers[4]) * 60 + numbers[5])
    }

    private var text: String { UTCTime(seconds: Int(seconds)).text }

    /// The time in UTC, such as `2026-11-23T09:00:00Z`.
    var iso8601: String { text + "Z" }

    /// The time in UTC for `findings.json`, such as `2026-11-23 09:00:00`, as its dashboards expect it.
    var legacy: String { String(text.map { $0 == "T" ? " " : $0 }) }

    /// The UTC day, such as `2026-11-23`.
    var day: String { String(text.prefix(10)) }
}
