/// Token buckets, one for each registry and operation.
struct Limiter: Sendable {
    private struct Bucket: Sendable {
        var tokens: Double
        var filledAt: Double
    }

    /// Calls a second; 0 is without limit.
    var rate: Double
    private var buckets: [String: Bucket] = [:]

    init(rate: Double) { self.rate = rate }

    /// Whether the call may pass; a bucket holds one second's worth, and at least one call.
    mutating func admits(_ key: String, now: Double) -> Bool {
        guard rate > 0 else { return true }
        let size = max(rate, 1)
        var bucket = buckets[key] ?? Bucket(tokens: size, filledAt: now)
        bucket.tokens = min(size, bucket.tokens + (now - bucket.filledAt) * rate)
        bucket.filledAt = now
        let isAdmitted = bucket.tokens >= 1
        if isAdmitted { bucket.tokens -= 1 }
        buckets[key] = bucket
        return isAdmitted
    }
}
