internal import CivilTime

/// A moment as the report's files spell it.
struct ReportTime {
    private let text: String

    /// Takes seconds since 1970; fractions are dropped.
    init(secondsSince1970 seconds: Double) {
        text = UTCTime(seconds: Int(seconds.rounded(.down))).text
    }

    /// `2026-11-23T09:00:00Z`.
    var iso8601: String { text + "Z" }

    /// `2026-11-23 09:00:00` in UTC, as the seed's dashboard expects it.
    var seed: String { String(text.map { $0 == "T" ? " " : $0 }) }
}
