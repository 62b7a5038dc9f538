/// When a sweep begins: every so often, or as a cron expression says; always in UTC.
package enum Schedule: Hashable, Sendable {
    /// At every multiple of so many seconds since 1970, so that all coordinators agree on the slots.
    case every(seconds: Int)
    case cron(CronExpression)
    /// Nobody starts it but a person.
    case off

    /// Why a text is no schedule.
    package struct Malformed: Error, Hashable, Sendable, CustomStringConvertible {
        /// Names the text and what is wrong with it.
        package let description: String
    }

    /// Reads `90s`, `15m`, `3h`, `1d`, `off`, or the five fields of cron.
    package init(_ text: String) throws(Malformed) {
        if text == "off" {
            self = .off
            return
        }
        if text.contains(where: \.isWhitespace) {
            self = .cron(try CronExpression(text))
            return
        }
        let units = ["s": 1, "m": 60, "h": 3600, "d": 86400]
        guard let unit = text.last.flatMap({ units[String($0)] }), let count = Int(text.dropLast()), count > 0 else {
            throw Malformed(
                description: "\(text) is neither an interval such as 24h nor a cron expression of five fields"
            )
        }
        guard count <= 366 * 86400 / unit else { throw Malformed(description: "\(text) is longer than a year") }
        self = .every(seconds: count * unit)
    }

    /// The slot that `now` (in seconds since 1970) lies in: when it began; nil where there is none.
    package func slot(at now: Int) -> Int? {
        switch self {
        case .every(let seconds): now / seconds * seconds
        case .cron(let expression): expression.last(before: now + 1)
        case .off: nil
        }
    }

    /// The longest time between two of its latest slots, in seconds: what may pass before anybody need wonder.
    package func longestInterval(at now: Int) -> Int? {
        switch self {
        case .every(let seconds): seconds
        case .cron(let expression): expression.longestGap(before: now, among: 10)
        case .off: nil
        }
    }
}

extension CronExpression {
    /// The longest gap among the last `count` times that the expression names.
    fileprivate func longestGap(before now: Int, among count: Int) -> Int? {
        var longest: Int?
        var slot = last(before: now + 1)
        for _ in 0..<count {
            guard let later = slot, let earlier = last(before: later) else { break }
            longest = max(longest ?? 0, later - earlier)
            slot = earlier
        }
        return longest
    }
}
