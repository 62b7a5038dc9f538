package import JobQueue

extension Settings {
    /// Returns the queue's settings for a process that starts at `now`, in seconds since 1970.
    package func queue(at now: Int) -> QueueSettings {
        var queue = QueueSettings()
        queue.limiter = limiter
        // If a sweep's record expired before the next slot began, the same slot would be swept again.
        let longest = sweeps.schedules.values.compactMap { $0.longestInterval(at: now) }.max() ?? 0
        queue.retention = max(queue.retention, .seconds(2 * longest))
        return queue
    }
}
