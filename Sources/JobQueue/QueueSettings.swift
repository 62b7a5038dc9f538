package import Retry

/// What may be set about a queue; every process of a fleet uses the same.
package struct QueueSettings: Sendable, Hashable {
    /// How long a worker may be silent before its jobs are given to others; it beats three times as often.
    package var lease: Duration = .seconds(15)
    /// How many attempts that consume a try make a dead letter.
    package var tries = 6
    /// After how many deaths of its worker a job runs alone.
    ///
    /// With 1, the whole company of a killed worker would run one
    /// by one; with 2, only what was there twice.
    package var crashesBeforeSuspicion = 2
    /// How many deaths of its worker make a job a dead letter.
    package var crashes = 3
    /// How long a dead letter that only crashes wrote rests before it gets its other life.
    package var revivalAge: Duration = .seconds(300)
    /// How old a dead letter is dropped once its sweep has expired.
    package var letterAge: Duration = .seconds(30 * 86400)
    /// The most jobs of one bucket in flight, so that a hanging account occupies no more of the fleet; fewer where its
    /// learned rates feed fewer.
    package var jobsInFlightPerBucket = 16
    /// How many jobs of one bucket may start in a second; the calls inside them have their own, learned rates.
    package var jobStartsPerSecond = 50.0
    /// How many starts a bucket may save up while it is idle.
    package var jobStartBurst = 50
    /// How long a sweep's record is kept after its completion.
    package var retention: Duration = .seconds(72 * 3600)
    /// Delays of retries that name none, of each the upper half: six tries outlast several minutes of trouble.
    package var retryDelay = Backoff(base: .seconds(15), cap: .seconds(300))
    /// The longest that an idle worker waits before it asks again.
    package var idlePoll: Duration = .seconds(1)
    /// How many jobs one call enqueues.
    package var enqueueChunk = 500
    /// How many expired leases, due retries and jobs of stopped sweeps one claim handles at most.
    package var bringBackPerClaim = 100
    /// The limiter of the calls inside jobs.
    package var limiter = LimiterSettings()

    /// The settings that FAULTS.md's promises are made for.
    package init() {}
}

/// How the rate of each operation in each bucket is learned; rates are calls a second.
package struct LimiterSettings: Sendable, Hashable {
    /// The rate before anything is known.
    package var firstRate = 10.0
    /// The rate below which no number of refusals pushes.
    package var floor = 0.5
    /// The rate above which no success lifts.
    package var ceiling = 100.0
    /// From how much of the quota that was found the rate climbs back to it.
    package var remainder = 0.7
    /// How long after a fall refusals count for nothing, because their calls were on their way.
    package var samePenalty: Duration = .seconds(1)
    /// How long the operation, and the start of jobs in its bucket, pauses after a fall.
    package var pause: Duration = .milliseconds(500)
    /// What idle time may save up, as time at the learned rate.
    package var burst: Duration = .milliseconds(200)
    /// How many calls are told ahead when to go, so that a call costs one question and not many.
    package var callsAhead = 2

    /// The settings that make no assumption about AWS.
    package init() {}
}

extension Duration {
    /// Whole microseconds, the unit of every time in Scripts/.
    var microseconds: Int {
        Int(components.seconds) * 1_000_000 + Int(components.attoseconds / 1_000_000_000_000)
    }
}
