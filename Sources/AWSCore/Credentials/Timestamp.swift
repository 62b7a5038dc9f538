internal import FoundationEssentials

/// ISO 8601 times as AWS writes them: with and without a fraction, in UTC or with an offset.
enum Timestamp {
    /// Text that is no time.
    struct Malformed: Error, CustomStringConvertible {
        let text: String
        var description: String { "\(text) is not a time" }
    }

    /// Seconds since 1970; nil for text of any other form.
    static func seconds(_ text: String) -> Double? {
        let format = Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains("."))
        // All that can be wrong is the form, which nil says.
        return (try? format.parse(text))?.timeIntervalSince1970
    }

    /// The time to the second, in UTC.
    static func text(_ seconds: Double) -> String {
        Date(timeIntervalSince1970: seconds).formatted(Date.ISO8601FormatStyle())
    }
}
