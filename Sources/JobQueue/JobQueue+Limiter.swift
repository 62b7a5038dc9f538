internal import Redis

/// What the limiter knows about one operation in one bucket.
package struct LearnedRate: Sendable, Hashable {
    package var operation: String
    /// Calls a second.
    package var rate: Double
    /// How often a refusal lowered it.
    package var cuts: Int

    /// Describes a rate; the queue makes them, tests may.
    package init(operation: String, rate: Double, cuts: Int) {
        self.operation = operation
        self.rate = rate
        self.cuts = cuts
    }
}

extension JobQueue {
    /// Takes leave for `count` calls of an operation; zero: granted, otherwise how long to wait before asking again,
    /// with jitter, since all who are refused at one moment hear of the same time.
    package func take(_ count: Int, bucket: String, operation: String) async throws -> Duration {
        try check(bucket, operation)
        let burst = String(settings.limiter.burst.microseconds)
        let arguments = [bucket, operation, String(count)] + settings.limiter.arguments + [burst]
        let wait = try await self.count(QueueScript.take, arguments)
        return wait == 0 ? .zero : .microseconds(wait) * Double.random(in: 1...1.5)
    }

    /// Tells that AWS throttled the operation; refusals within `LimiterSettings.samePenalty` count once.
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
        let reply = try await run(QueueScript.rates, [bucket] + settings.limiter.arguments)
        let rates = (reply.elements ?? []).compactMap(LearnedRate.init)
        return rates.sorted { $0.operation < $1.operation }
    }
}

extension LearnedRate {
    fileprivate init?(_ reply: RESPValue) {
        guard let parts = reply.elements, parts.count == 3, let operation = parts[0].text,
            let rate = parts[1].text.flatMap({ Double($0) }), let cuts = parts[2].number
        else { return nil }
        self.init(operation: operation, rate: rate, cuts: cuts)
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
