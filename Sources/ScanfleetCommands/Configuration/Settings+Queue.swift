package import JobQueue

extension Settings {
    /// What the configuration says of the queue, for a process that starts at `now`, in seconds since 1970.
    package func queue(at now: Int) -> QueueSettings {
        var queue = QueueSettings()
        queue.limiter = limiter
        // A slot whose sweep is forgotten before the next slot begins would be swept again.
        let longest = sweeps.schedules.values.compactMap { $0.longestInterval(at: now) }.max() ?? 0
        queue.retention = max(queue.retention, .seconds(2 * longest))
        return queue
    }
}

extension SettingReader {
    /// The limiter's rates; the one for the beginning has to lie between the other two.
    mutating func limiter() -> LimiterSettings {
        var limiter = LimiterSettings()
        limiter.firstRate = rate(.rateFirst)
        limiter.floor = rate(.rateFloor)
        limiter.ceiling = rate(.rateCeiling)
        if !(limiter.floor...max(limiter.floor, limiter.ceiling)).contains(limiter.firstRate) {
            report(.rateFirst, "\(string(.rateFirst)) is not between the floor and the ceiling")
        }
        return limiter
    }

    private mutating func rate(_ key: ConfigurationKey) -> Double {
        let range = 0.01...10_000
        if let rate = Double(string(key)), range.contains(rate) { return rate }
        report(key, "\(string(key)) is not a number of calls a second from 0.01 to 10000")
        return range.lowerBound
    }
}
