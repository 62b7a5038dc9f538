/// When nothing is told: news is noted all the same, and told in one go when the time comes.
package struct MuteSchedule: Hashable, Sendable {
    /// A span of the day in minutes of UTC, past midnight where the second is smaller.
    package struct Span: Hashable, Sendable {
        package var from: Int
        package var to: Int

        /// From the first minute up to, and without, the second.
        package init(from: Int, to: Int) {
            self.from = from
            self.to = to
        }
    }

    /// Nil is never.
    package var hours: Span?
    /// The minute of the day at which everything noted since the day before is told; nil tells it as it comes.
    package var digest: Int?

    /// Describes a day; without arguments every time is good.
    package init(hours: Span? = nil, digest: Int? = nil) {
        self.hours = hours
        self.digest = digest
    }

    /// Whether nobody must be disturbed at `now`.
    package func isMuted(at now: Double) -> Bool {
        guard let hours, hours.from != hours.to else { return false }
        let minute = Self.minute(now)
        return hours.from < hours.to
            ? hours.from <= minute && minute < hours.to : minute >= hours.from || minute < hours.to
    }

    /// Whether news noted at `noted` may be made into messages at `now`.
    package func mayAnnounce(_ noted: Double, at now: Double) -> Bool {
        if isMuted(at: now) { return false }
        guard let digest else { return true }
        return noted < lastDigest(digest, before: now)
    }

    private func lastDigest(_ digest: Int, before now: Double) -> Double {
        let day = (now / 86_400).rounded(.down) * 86_400
        let today = day + Double(digest) * 60
        return today <= now ? today : today - 86_400
    }

    private static func minute(_ now: Double) -> Int {
        Int((now - (now / 86_400).rounded(.down) * 86_400) / 60)
    }
}
