internal import Redis
internal import Retry

/// What the limiter knows about one operation in one bucket.
package struct LearnedRate: Sendable, Hashable {
    package var bucket: String
    package var operation: String
    /// Calls a second.
    package var rate: Double
    /// How often a refusal lowered it.
    package var cuts: Int

    /// Describes a rate; the queue makes them, tests may.
    package init(bucket: String, operation: String, rate: Double, cuts: Int) {
        self.bucket = bucket
        self.operation = operation
        self.rate = rate
        self.cuts = cuts
    }
}

/// What the limiter answers to who wants to call.
package enum Leave: Sendable, Hashable {
    /// The calls are granted; they are to begin after this time, which is zero where nobody is ahead.
    case granted(after: Duration)
    /// Nothing is granted; it is this caller's turn to ask again after this time.
    case later(after: Duration)
}

extension JobQueue {
    /// Takes leave for `count` calls of an operation.
    package func take(_ count: Int, bucket: String, operation: String) async throws -> Leave {
        try check(bucket, operation)
        let limiter = settings.limiter
        let arguments =
            [bucket, operation, String(count)] + limiter.arguments + [
                String(limiter.burst.microseconds), String(limiter.callsAhead),
            ]
        let reply = try await run(QueueScript.take, arguments)
        guard let parts = reply.elements?.compactMap(\.number), parts.count == 2 else {
            throw RedisError.unexpectedReply("take: \(reply)")
        }
        let wait = Duration.microseconds(parts[1])
        return parts[0] == 1 ? .granted(after: wait) : .later(after: wait)
    }

    /// Returns once a call may be made, however long the quota or Redis takes; only cancellation ends it before, and a fault
    /// of Redis that no further attempt can mend.
    ///
    /// `delayed` hears of each wait that is more than the way to a turn, and of the first of several faults in a row.
    package func enter(
        _ operation: String,
        bucket: String,
        sleep: (Duration) async throws -> Void,
        delayed: (Delay) -> Void = { _ in }
    ) async throws {
        var faults = 0
        while true {
            do {
                switch try await take(1, bucket: bucket, operation: operation) {
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

    /// What holds up a call.
    package enum Delay: Sendable {
        /// Others are ahead of it, or the quota is slow.
        case quota
        /// Redis could not be asked.
        case fault(any Error)
    }

    /// Tells that AWS throttled the operation; whether that is the quota, the limiter finds out.
    package func penalize(bucket: String, operation: String) async throws {
        try check(bucket, operation)
        let limiter = settings.limiter
        let arguments =
            [bucket, operation] + limiter.arguments + [
                String(limiter.remainder), String(limiter.samePenalty.microseconds), String(limiter.pause.microseconds),
                String(settings.savedJobStarts),
            ]
        _ = try await count(QueueScript.penalize, arguments)
    }

    /// What was learned about a bucket, by operation.
    package func rates(of bucket: String) async throws -> [LearnedRate] {
        try check(bucket)
        return try await rates(of: [bucket]).sorted { $0.operation < $1.operation }
    }

    /// The lowest rates of all buckets, the slowest first.
    ///
    /// It walks through every key of the server, a page a call, so it is for people and not for loops.
    package func slowestRates(limit: Int) async throws -> [LearnedRate] {
        var slowest: [LearnedRate] = []
        try await forEachPageOfRates(keys: 1000) { page in
            slowest += page
            // A key may come twice, where the server's table grew during the walk.
            slowest = Set(slowest).sorted { ($0.rate, $0.bucket, $0.operation) < ($1.rate, $1.bucket, $1.operation) }
            slowest.removeLast(max(0, slowest.count - limit))
        }
        return slowest
    }

    /// How the learned rates of all buckets are spread, by operation.
    ///
    /// It walks through every key of the server in small steps, so it may be asked about once a minute.
    package func rateSpreads() async throws -> [String: RateSpread] {
        var rates: [String: [Double]] = [:]
        try await forEachPageOfRates(keys: 100) { page in
            for rate in page { rates[rate.operation, default: []].append(rate.rate) }
        }
        return rates.compactMapValues(RateSpread.init)
    }

    private func forEachPageOfRates(keys: Int, _ body: ([LearnedRate]) -> Void) async throws {
        let mark = prefix + "b:"
        var cursor = "0"
        repeat {
            let pattern = mark.globEscaped + "*"
            let reply = try await redis.send(["SCAN", cursor, "MATCH", pattern, "COUNT", String(keys)])
            guard let parts = reply.elements, parts.count == 2, let next = parts[0].text,
                let found = parts[1].elements?.compactMap(\.text)
            else { throw RedisError.unexpectedReply("SCAN: \(reply)") }
            body(try await rates(of: found.map { String($0.dropFirst(mark.count)) }))
            cursor = next
        } while cursor != "0"
    }

    private func rates(of buckets: [String]) async throws -> [LearnedRate] {
        guard !buckets.isEmpty else { return [] }
        let reply = try await run(QueueScript.rates, settings.limiter.arguments + buckets)
        return (reply.elements ?? []).compactMap(LearnedRate.init)
    }
}

extension String {
    /// The text as a pattern that matches nothing else.
    fileprivate var globEscaped: String {
        reduce(into: "") { $0 += "\\*?[]^".contains($1) ? "\\\($1)" : String($1) }
    }
}

extension LearnedRate {
    fileprivate init?(_ reply: RESPValue) {
        guard let parts = reply.elements, parts.count == 4, let bucket = parts[0].text, let operation = parts[1].text,
            let rate = parts[2].text.flatMap({ Double($0) }), let cuts = parts[3].number
        else { return nil }
        self.init(bucket: bucket, operation: operation, rate: rate, cuts: cuts)
    }
}

extension LimiterSettings {
    fileprivate var arguments: [String] { [String(firstRate), String(floor), String(ceiling)] }
}

extension QueueSettings {
    /// Microseconds between two job starts of one bucket.
    var jobStartInterval: Int { Int(1_000_000 / max(jobStartsPerSecond, 0.001)) }
    /// Microseconds of job starts that a bucket may save up; the start that is due comes on top.
    var savedJobStarts: Int { jobStartInterval * max(0, jobStartBurst - 1) }
}
