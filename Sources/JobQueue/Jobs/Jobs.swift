/// Which of a bucket's lists a sweep's jobs stand in.
package enum QueuePriority: String, Sendable, Hashable, CaseIterable {
    /// Ad-hoc work, which overtakes all scheduled work.
    case now
    /// Scheduled sweeps.
    case bulk
}

/// Work to be enqueued.
package struct QueuedJob: Sendable, Hashable {
    /// What is throttled together, such as `account:region`; without white space.
    package var bucket: String
    /// What to do; the job's name within its sweep, so the same payload is the same job.
    package var payload: String

    /// Describes a job.
    package init(bucket: String, payload: String) {
        self.bucket = bucket
        self.payload = payload
    }
}

/// A job in the hands of one worker, until its lease ends.
package struct LeasedJob: Sendable, Hashable {
    package var sweep: String
    package var bucket: String
    package var payload: String
    /// Fences this attempt: greater than every earlier token of the fleet, below 2^53, microseconds of the server's clock
    /// or a little more.
    package var token: Int
    /// Which attempt this is, from 1; releases do not count.
    package var attempt: Int
    /// Where an earlier attempt got to.
    package var cursor: String?
    /// When the first of the attempts before this one ended that consumed no try, in microseconds of the server's clock;
    /// nil where the last one ended otherwise.
    package var throttledSince: Int?

    /// Describes a lease; the queue makes them, tests may.
    package init(sweep: String, bucket: String, payload: String, token: Int, attempt: Int, cursor: String? = nil) {
        self.sweep = sweep
        self.bucket = bucket
        self.payload = payload
        self.token = token
        self.attempt = attempt
        self.cursor = cursor
    }

    /// For how long AWS had throttled every attempt at the job when it was leased.
    package var throttledFor: Duration { throttledSince.map { .microseconds(max(0, token - $0)) } ?? .zero }
}

/// What a worker was given.
package struct Claim: Sendable, Hashable {
    package var jobs: [LeasedJob]
    /// When another claim can bring more, unless a job of the worker's own ends before; zero: at once.
    package var askAgainAfter: Duration

    /// Describes a claim; the queue makes them, tests may.
    package init(jobs: [LeasedJob], askAgainAfter: Duration) {
        self.jobs = jobs
        self.askAgainAfter = askAgainAfter
    }
}

/// How an attempt ended.
package enum Outcome: Sendable, Hashable {
    /// Done; the tallies are added to the sweep's, once per job.
    case completed(tallies: [String: Int] = [:])
    /// Given back unfinished, to go on from the cursor (nil: from the start); no try is consumed. It goes first in its
    /// bucket, so a worker that gives back several begins with the last one.
    case released(cursor: String?)
    /// To be tried again after a while (nil: a jittered, growing delay). Throttling consumes no try.
    case retry(after: Duration?, reason: String, consumesTry: Bool)
    /// A dead letter at once: no attempt can succeed.
    case discarded(reason: String)
}
