internal import Synchronization

/// The buckets whose calls this process lately had to delay for a quota; a slow attempt there is not the job's fault.
final class ThrottledBuckets: Sendable {
    private let held = Mutex<[String: ContinuousClock.Instant]>([:])
    private let memory: Duration = .seconds(60)

    /// Records that a call of the bucket had to wait for its quota.
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
