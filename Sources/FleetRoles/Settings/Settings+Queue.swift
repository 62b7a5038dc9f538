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
