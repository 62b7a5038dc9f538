internal import Synchronization

/// The buckets whose calls this process has lately had to hold back, so that their jobs are not blamed for being slow.
final class ThrottledBuckets: Sendable {
    private let held = Mutex<[String: ContinuousClock.Instant]>([:])
    private let memory: Duration = .seconds(60)

    /// Takes note that a call of the bucket had to wait for others.
    func note(_ bucket: String, at now: ContinuousClock.Instant = .now) {
        held.withLock { held in
            if held[bucket] == nil { held = held.filter { now - $0.value < memory } }
            held[bucket] = now
        }
    }

    /// Whether a call of the bucket had to wait within the last minute.
    func contains(_ bucket: String, at now: ContinuousClock.Instant = .now) -> Bool {
        held.withLock { $0[bucket] }.map { now - $0 < memory } ?? false
    }
}
