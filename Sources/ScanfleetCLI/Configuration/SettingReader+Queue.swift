internal import JobQueue

extension SettingReader {
    /// Reads the limiter's rates; the first rate has to lie between floor and ceiling.
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
