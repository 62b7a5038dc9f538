/// When sweeps of one kind begin: at an interval or by a cron expression, always in UTC.
package enum Schedule: Hashable, Sendable {
    /// A slot begins at every multiple of `seconds` since 1970, so all coordinators agree on the slots.
    case every(seconds: Int)
    case cron(CronExpression)
    /// Only `scanfleet sweep` starts a sweep.
    case off

    /// The text is not a schedule.
    package struct Malformed: Error, Hashable, Sendable, CustomStringConvertible {
        /// The text and the fault, for the list of configuration problems.
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

    /// Returns when the slot that contains `now` began, both in seconds since 1970; nil when there is none.
    package func slot(at now: Int) -> Int? {
        switch self {
        case .every(let seconds): now / seconds * seconds
        case .cron(let expression): expression.last(before: now + 1)
        case .off: nil
        }
    }

    /// Returns the longest time between two of the latest slots, in seconds; alerts take a longer silence for a fault.
    ///
    /// `30 2 * * 1-5` starts no sweep at the weekend, so its longest interval is three days.
    package func longestInterval(at now: Int) -> Int? {
        switch self {
        case .every(let seconds): seconds
        case .cron(let expression): expression.longestGap(before: now, among: 10)
        case .off: nil
        }
    }
}

extension CronExpression {
    /// Returns the longest time, in seconds, between two of the last `count` matches.
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
