/// A civil time in UTC, computed without a calendar library.
///
/// The arithmetic is Howard Hinnant's `civil_from_days`.
package struct UTCTime: Hashable, Sendable {
    /// Of the proleptic Gregorian calendar; negative before year 0.
    package let year: Int
    /// 1 to 12.
    package let month: Int
    /// 1 to 31, the day of the month.
    package let day: Int
    /// 0 to 23.
    package let hour: Int
    /// 0 to 59.
    package let minute: Int
    /// 0 to 59; Unix time has no leap seconds.
    package let second: Int
    /// 0 is Sunday.
    package let weekday: Int

    /// Splits seconds since 1970.
    package init(seconds: Int) {
        let days = seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400
        let rest = seconds - days * 86400
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        hour = rest / 3600
        minute = rest / 60 % 60
        second = rest % 60
        weekday = ((days % 7) + 11) % 7
    }

    /// Days from 1970 to a date; months and days count from 1.
    package static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// `YYYY-MM-DDTHH:MM:SS`, without a zone.
    package var text: String {
        "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))"
    }

    /// `YYYYMMDDTHHMMSSZ`, which has no colon and sorts by time; built as bytes, because every signature needs one.
    package var compactText: String {
        var digits: [UInt8] = []
        digits.reserveCapacity(16)
        for pair in [year / 100, year % 100, month, day] { digits.appendTwo(pair) }
        digits.append(UInt8(ascii: "T"))
        for pair in [hour, minute, second] { digits.appendTwo(pair) }
        digits.append(UInt8(ascii: "Z"))
        return String(decoding: digits, as: UTF8.self)
    }
}

private func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

extension [UInt8] {
    /// Appends a number below 100 as two digits.
    fileprivate mutating func appendTwo(_ number: Int) {
        append(UInt8(ascii: "0") + UInt8(number / 10))
        append(UInt8(ascii: "0") + UInt8(number % 10))
    }
}
