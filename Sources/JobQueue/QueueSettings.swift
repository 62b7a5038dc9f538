package import Support

/// The settings of a queue; every process of a fleet has to use the same.
package struct QueueSettings: Sendable, Hashable {
    /// How long a lease lasts without renewal; workers renew three times as often.
    package var lease: Duration = .seconds(15)
    /// After how many failed attempts a job becomes a dead letter.
    package var tries = 6
    /// After how many crashes of its worker a job runs in isolation.
    ///
    /// 1 would isolate every job of a killed worker; 2 only jobs that have crashed twice.
    package var crashesBeforeQuarantine = 2
    /// After how many crashes of its worker a job becomes a dead letter.
    package var crashes = 3
    /// How old a dead letter caused only by crashes has to be before it is replayed.
    package var crashReplayAge: Duration = .seconds(300)
    /// How long a dead letter is kept at least; it is then deleted once its sweep has expired.
    package var deadLetterRetention: Duration = .seconds(30 * 86400)
    /// The most jobs of one bucket in flight, so that one hanging account cannot occupy the fleet; buckets with low learned
    /// rates have a lower limit.
    package var jobsInFlightPerBucket = 16
    /// How many jobs of one bucket may start in a second; the calls that they make have learned rates of their own.
    package var jobStartsPerSecond = 50.0
    /// How many job starts an idle bucket may save up.
    package var jobStartBurst = 50
    /// How long a sweep's record is kept after its completion.
    package var retention: Duration = .seconds(72 * 3600)
    /// The delays of retries that name none, jittered over their upper half: six tries outlast several minutes of trouble.
    package var retryDelay = Backoff(base: .seconds(15), cap: .seconds(300))
    /// The longest time that an idle worker waits before it claims again.
    package var idlePoll: Duration = .seconds(1)
    /// How many jobs one call enqueues.
    package var enqueueChunk = 500
    /// How many expired leases, due retries and jobs of cancelled sweeps one claim handles at most.
    package var reclaimsPerClaim = 100
    /// The settings of the limiter of AWS calls.
    package var limiter = LimiterSettings()

    /// Uses the defaults, for which the fault experiments hold.
    package init() {}
}

/// The settings by which the limiter learns the rate of each operation in each bucket; rates are calls a second.
package struct LimiterSettings: Sendable, Hashable {
    /// The rate before anything is known.
    package var firstRate = 10.0
    /// The lowest rate that the limiter backs off to.
    package var floor = 0.5
    /// The highest rate that the limiter tries.
    package var ceiling = 100.0
    /// The share of the found quota that the rate falls to before it climbs back.
    package var remainder = 0.7
    /// For how long after a fall refusals are ignored, because their calls were already under way.
    package var samePenalty: Duration = .seconds(1)
    /// For how long the operation, and job starts in its bucket, pause after a fall.
    package var pause: Duration = .milliseconds(500)
    /// How much idle time may be saved up, as time at the learned rate.
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
