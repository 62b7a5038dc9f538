internal import Domain

/// Decides when change records become messages.
///
/// While no collect sweep runs, that is within seconds. While one runs, records wait for the window, in which the same
/// vulnerability may be found in other images.
struct GroupWait {
    /// How long to wait for further records after the last one, in seconds.
    var gathering: Double = 1
    /// How long the first record waits at most while further records keep arriving, in seconds.
    var patience: Double = 5

    /// When the first pending record was written, in seconds since 1970; nil where none is pending.
    private var firstAt: Double?
    private var lastAt: Double = 0

    /// Begins; records that an earlier run left are due at once.
    init(left: Bool = false) { firstAt = left ? 0 : nil }

    /// Whether any record is pending.
    var isWaiting: Bool { firstAt != nil }

    mutating func didNote(at now: Double) {
        firstAt = firstAt ?? now
        lastAt = now
    }

    /// Records that all due records became messages.
    ///
    /// `left` is when the first record was written that the mute schedule holds back; nil where none is held back.
    mutating func didAnnounce(leaving left: Double?) { firstAt = left }

    /// Whether records are due but for a running sweep, so that the queue must be asked for one.
    func isTimeToAsk(at now: Double, muteSchedule: MuteSchedule) -> Bool {
        guard let firstAt else { return false }
        let isGathered = now - lastAt >= gathering || now - firstAt >= patience
        return isGathered && muteSchedule.mayAnnounce(firstAt, at: now)
    }

    func isTimeToAnnounce(at now: Double, isSweeping: Bool, window: Double) -> Bool {
        guard let firstAt else { return false }
        return !isSweeping || now - firstAt >= window
    }
}
