/// The times at which nothing is announced; changes are still recorded, and announced together afterwards.
package struct MuteSchedule: Hashable, Sendable {
    /// A daily interval in minutes of the UTC day; it crosses midnight if `to` is smaller than `from`.
    package struct Span: Hashable, Sendable {
        /// The first muted minute, 0 to 1439.
        package var from: Int
        /// The first minute after the interval, 0 to 1439; equal to `from` means no mute time.
        package var to: Int

        /// Spans `from` up to, but not including, `to`.
        package init(from: Int, to: Int) {
            self.from = from
            self.to = to
        }
    }

    /// The daily mute time; nil where there is none.
    package var hours: Span?
    /// The minute of the UTC day at which the changes of the last day are announced; nil announces them as they come.
    package var digest: Int?

    /// Describes a schedule; without arguments nothing is held back.
    package init(hours: Span? = nil, digest: Int? = nil) {
        self.hours = hours
        self.digest = digest
    }

    /// Whether `now`, in seconds since 1970, lies in the mute time.
    package func isMuted(at now: Double) -> Bool {
        guard let hours, hours.from != hours.to else { return false }
        let minute = Self.minute(now)
        return hours.from < hours.to
            ? hours.from <= minute && minute < hours.to : minute >= hours.from || minute < hours.to
    }

    /// Whether a change recorded at `noted` may be announced at `now`, both in seconds since 1970.
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
