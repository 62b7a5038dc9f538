package import Support

/// The settings of a queue; every process of a fleet has to use the same.
package struct QueueSettings: Sendable, Hashable {
    /// How long a lease lasts without renewal; workers renew three times as often.
    package var lease: Duration = .seconds(15)
    /// The number of failed attempts after which a job becomes a dead letter.
    package var tries = 6
    /// The number of its workers' crashes after which a job runs in isolation.
    ///
    /// 1 would isolate every job of a killed worker; 2 only jobs that have crashed twice.
    package var crashesBeforeQuarantine = 2
    /// The number of its workers' crashes after which a job becomes a dead letter.
    package var crashes = 3
    /// The age at which a dead letter that only crashes caused is replayed.
    package var crashReplayAge: Duration = .seconds(300)
    /// The minimum time that a dead letter is kept; after it the letter is deleted once its sweep has expired.
    package var deadLetterRetention: Duration = .seconds(30 * 86400)
    /// The most jobs of one bucket in flight, so that one hanging account cannot occupy the fleet; buckets with low
    /// learned rates have a lower limit.
    package var jobsInFlightPerBucket = 16
    /// How many jobs of one bucket may start in a second; the calls that they make have learned rates of their own.
    package var jobStartsPerSecond = 50.0
    /// How many job starts an idle bucket may save up.
    package var jobStartBurst = 50
    /// How long a sweep's record is kept after its completion.
    package var retention: Duration = .seconds(72 * 3600)
    /// The delays of retries that name none, jittered over their upper half: six tries outlast an outage of minutes.
    package var retryDelay = Backoff(base: .seconds(15), cap: .seconds(300))
    /// The longest time that an idle worker waits before it claims again.
    package var idlePoll: Duration = .seconds(1)
    /// The most jobs that one call of enqueue.lua adds; a longer list takes several calls.
    package var enqueueChunk = 500
    /// How many expired leases, due retries and jobs of cancelled sweeps one claim handles at most.
    package var reclaimsPerClaim = 100
    /// The settings of the limiter of AWS calls.
    package var limiter = LimiterSettings()

    /// Uses the defaults, with which the fault experiments were run.
    package init() {}
}

/// The settings by which the limiter learns the rate of each operation in each bucket; rates are calls a second.
package struct LimiterSettings: Sendable, Hashable {
    /// The rate at which an operation begins in a bucket, before anything is learned.
    package var firstRate = 10.0
    /// The lowest rate that the limiter backs off to.
    package var floor = 0.5
    /// The highest rate that the limiter tries.
    package var ceiling = 100.0
    /// The share of the discovered quota to which the rate falls before it climbs back.
    package var remainder = 0.7
    /// The time after a fall in which refusals are ignored, because their calls were already under way.
    package var samePenalty: Duration = .seconds(1)
    /// The pause after a fall, for the operation and for job starts in its bucket.
    package var pause: Duration = .milliseconds(500)
    /// The idle time that may be saved up: at 10 calls a second, 200 ms save up 2 calls.
    package var burst: Duration = .milliseconds(200)
    /// How many calls are granted ahead of their time, so that a call rarely has to ask Redis twice.
    package var callsAhead = 2

    /// Uses defaults that assume nothing about AWS.
    package init() {}
}

extension Duration {
    /// Whole microseconds, the unit of every time in Scripts/.
    var microseconds: Int {
        Int(components.seconds) * 1_000_000 + Int(components.attoseconds / 1_000_000_000_000)
    }
}

extension QueueSettings {
    /// Microseconds between two job starts of one bucket.
    var jobStartInterval: Int { Int(1_000_000 / max(jobStartsPerSecond, 0.001)) }
    /// Microseconds of job starts that a bucket may save up, beside the start that is due.
    var savedJobStarts: Int { jobStartInterval * max(0, jobStartBurst - 1) }
}
