package import Redis
internal import Support

/// The limiter's answer to a request for calls.
package enum Permit: Sendable, Hashable {
    /// The calls are granted and may begin after this time, which is zero when nobody is ahead.
    case granted(after: Duration)
    /// Nothing is granted; it is this caller's turn to ask again after this time.
    case later(after: Duration)
}

/// The fleet's common limiter of AWS calls: it learns a rate for each operation in each bucket.
package struct RateLimiter: Sendable {
    private let scripts: ScriptRunner
    private let settings: LimiterSettings
    private let savedJobStarts: Int

    /// Uses the rates that `fleet` has learned.
    package init(redis: any RedisScripting, fleet: String, settings: QueueSettings = .init()) {
        self.scripts = ScriptRunner(redis: redis, fleet: fleet)
        self.settings = settings.limiter
        self.savedJobStarts = settings.savedJobStarts
    }

    /// Asks for a permit for `count` calls of an operation.
    package func acquire(_ count: Int, bucket: String, operation: String) async throws -> Permit {
        try scripts.check(bucket, operation)
        let arguments =
            [bucket, operation, String(count)] + rateArguments + [
                String(settings.burst.microseconds), String(settings.callsAhead),
            ]
        let reply = try await scripts.run(QueueScript.take, arguments)
        guard let parts = reply.elements?.compactMap(\.number), parts.count == 2 else {
            throw RedisError.unexpectedReply("take: \(reply)")
        }
        let wait = Duration.microseconds(parts[1])
        return parts[0] == 1 ? .granted(after: wait) : .later(after: wait)
    }

    /// Returns once a call may be made, however long the quota or Redis takes; it ends earlier only when cancelled, or
    /// by a permanent fault of Redis.
    ///
    /// `delayed` is called for each wait beyond a short turn, and for the first of several faults in a row.
    package func waitForPermit(
        _ operation: String,
        bucket: String,
        sleep: (Duration) async throws -> Void,
        delayed: (Delay) -> Void = { _ in }
    ) async throws {
        var faults = 0
        while true {
            do {
                switch try await acquire(1, bucket: bucket, operation: operation) {
                case .granted(let wait):
                    if wait > .seconds(1) { delayed(.quota) }
                    if wait > .zero { try await sleep(wait) }
                    return
                case .later(let wait):
                    faults = 0
                    delayed(.quota)
                    try await sleep(wait)
                }
            } catch let error where error.dispositionOrPermanent.isRetryable {
                faults += 1
                if faults == 1 { delayed(.fault(error)) }
                try await sleep(Backoff(base: .milliseconds(200), cap: .seconds(5)).delay(afterAttempt: faults))
            }
        }
    }

    /// What delays a call.
    package enum Delay: Sendable {
        /// Other calls are ahead, or the quota is slow.
        case quota
        /// Redis could not be asked.
        case fault(any Error)
    }

    /// Reports that AWS throttled the operation; the limiter decides whether its rate has to fall.
    package func reportThrottled(bucket: String, operation: String) async throws {
        try scripts.check(bucket, operation)
        let arguments =
            [bucket, operation] + rateArguments + [
                String(settings.remainder), String(settings.samePenalty.microseconds),
                String(settings.pause.microseconds), String(savedJobStarts),
            ]
        _ = try await scripts.count(QueueScript.penalize, arguments)
    }

    /// Returns what was learned about a bucket, by operation.
    package func rates(of bucket: String) async throws -> [LearnedRate] {
        try scripts.check(bucket)
        return try await rates(of: [bucket]).sorted { $0.operation < $1.operation }
    }

    /// Returns the lowest rates of all buckets, the slowest first.
    ///
    /// It scans every key of the server in large pages, so it is for people and not for loops.
    package func slowestRates(limit: Int) async throws -> [LearnedRate] {
        var slowest: [LearnedRate] = []
        try await forEachPageOfRates(keys: 1000) { page in
            slowest += page
            // SCAN may return a key twice when the server's table grows meanwhile.
            slowest = Set(slowest).sorted { ($0.rate, $0.bucket, $0.operation) < ($1.rate, $1.bucket, $1.operation) }
            slowest.removeLast(max(0, slowest.count - limit))
        }
        return slowest
    }

    /// Returns the spread of all buckets' learned rates, by operation.
    ///
    /// It scans every key of the server in small pages, so it may be called once a minute.
    package func rateSpreads() async throws -> [String: RateSpread] {
        var rates: [String: [Double]] = [:]
        try await forEachPageOfRates(keys: 100) { page in
            for rate in page { rates[rate.operation, default: []].append(rate.rate) }
        }
        return rates.compactMapValues(RateSpread.init)
    }

    private func forEachPageOfRates(keys: Int, _ body: ([LearnedRate]) -> Void) async throws {
        let mark = scripts.keys.bucketPrefix
        var cursor = "0"
        repeat {
            let pattern = mark.globEscaped + "*"
            let reply = try await scripts.send(["SCAN", cursor, "MATCH", pattern, "COUNT", String(keys)])
            guard let parts = reply.elements, parts.count == 2, let next = parts[0].text,
                let found = parts[1].elements?.compactMap(\.text)
            else { throw RedisError.unexpectedReply("SCAN: \(reply)") }
            body(try await rates(of: found.map { String($0.dropFirst(mark.count)) }))
            cursor = next
        } while cursor != "0"
    }

    private func rates(of buckets: [String]) async throws -> [LearnedRate] {
        guard !buckets.isEmpty else { return [] }
        let reply = try await scripts.run(QueueScript.rates, rateArguments + buckets)
        return (reply.elements ?? []).compactMap(LearnedRate.init)
    }

    private var rateArguments: [String] {
        [String(settings.firstRate), String(settings.floor), String(settings.ceiling)]
    }
}

extension String {
    /// A glob pattern that matches this very text.
    fileprivate var globEscaped: String {
        reduce(into: "") { $0 += "\\*?[]^".contains($1) ? "\\\($1)" : String($1) }
    }
}
