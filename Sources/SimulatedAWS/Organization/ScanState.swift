/// Where the scan of one image stands.
struct ScanState: Sendable, Hashable {
    /// What a scan of this image comes to, each time.
    enum Outcome: Sendable, Hashable {
        case complete
        case failed(reason: String)
        case unsupported
        /// Inspector watches the image.
        case active
        case pending
        case expiredEligibility
    }

    enum Phase: Sendable, Hashable {
        case never
        /// So many more questions are answered IN_PROGRESS.
        case polling(left: Int)
        /// Ends by itself at that time, in seconds since 1970.
        case running(until: Double)
        case ended(at: Double)
    }

    var outcome: Outcome
    var phase: Phase
    /// When the last scan was asked for, in seconds since 1970.
    var startedAt: Double?

    /// The phase that a question asked now is answered with; asking is what makes `polling` go on.
    mutating func poll(now: Double) -> Phase {
        if case .polling(let left) = phase { phase = left > 0 ? .polling(left: left - 1) : .ended(at: now) }
        settle(now: now)
        return phase
    }

    /// The phase without asking: what the last question was answered with, unless time has ended it since.
    func seen(now: Double) -> Phase {
        var copy = self
        copy.settle(now: now)
        return copy.phase
    }

    private mutating func settle(now: Double) {
        if case .running(let end) = phase, end <= now { phase = .ended(at: end) }
    }
}
