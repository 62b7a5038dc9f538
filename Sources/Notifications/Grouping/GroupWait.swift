internal import Domain

/// When notes become messages: at once where no sweep is under way, and otherwise after a while, in which the same
/// vulnerability may turn up elsewhere.
struct GroupWait {
    /// How long after a note others are waited for, in seconds.
    var gathering: Double = 1
    /// How long the first note waits at most, in seconds, while one follows the other.
    var patience: Double = 5

    /// The first note that is not told; nil where there is none.
    private var firstAt: Double?
    private var lastAt: Double = 0

    /// Takes what an earlier run left to be told at once.
    init(left: Bool = false) { firstAt = left ? 0 : nil }

    /// Whether there is anything that was noted and is not told.
    var isWaiting: Bool { firstAt != nil }

    mutating func didNote(at now: Double) {
        firstAt = firstAt ?? now
        lastAt = now
    }

    /// Everything that could be told is told; `left` is when the first was noted that quiet times held back, nil where none is
    /// left.
    mutating func didAnnounce(leaving left: Double?) { firstAt = left }

    /// Whether it is worth asking for the sweeps.
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
