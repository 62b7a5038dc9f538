/// The priority of a sweep's jobs within their buckets.
package enum QueuePriority: String, Sendable, Hashable, CaseIterable {
    /// Ad-hoc work, which is always served first.
    case now
    /// Scheduled sweeps.
    case bulk
}

/// A job before it is enqueued.
package struct QueuedJob: Sendable, Hashable {
    /// The jobs that AWS throttles together, such as `account:region`; without white space.
    package var bucket: String
    /// The work to do, which is also the job's name within its sweep: the same payload is the same job.
    package var payload: String

    /// Takes the parts unchecked; `enqueue` refuses buckets with white space.
    package init(bucket: String, payload: String) {
        self.bucket = bucket
        self.payload = payload
    }
}

/// A job that one worker holds until its lease ends.
package struct LeasedJob: Sendable, Hashable {
    /// The id of the sweep that the job belongs to.
    package var sweep: String
    /// The job's bucket, such as `account:region`.
    package var bucket: String
    /// The work, which is also the job's name within its sweep.
    package var payload: String
    /// The number that fences this attempt: greater than every earlier token of the fleet and below 2^53, about the
    /// microseconds of the server's clock.
    package var token: Int
    /// Which attempt this is, from 1; releases do not count.
    package var attempt: Int
    /// The place at which an earlier attempt stopped; nil: the attempt begins at the start.
    package var cursor: String?
    /// When AWS began to throttle every attempt, in microseconds of the server's clock; nil when the last attempt ended
    /// otherwise.
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

/// The result of a claim.
package struct Claim: Sendable, Hashable {
    /// The jobs leased to the worker, which has to settle each of them.
    package var jobs: [LeasedJob]
    /// When another claim can bring more, unless one of the worker's own jobs ends before; zero: at once.
    package var askAgainAfter: Duration

    /// Describes a claim; the queue makes them, tests may.
    package init(jobs: [LeasedJob], askAgainAfter: Duration) {
        self.jobs = jobs
        self.askAgainAfter = askAgainAfter
    }
}

/// How an attempt ended.
package enum JobOutcome: Sendable, Hashable {
    /// The job is done; the tallies are added to the sweep's, once per job.
    case completed(tallies: [String: Int] = [:])
    /// The job is unfinished and continues from the cursor (nil: from the start); no try is consumed.
    ///
    /// It goes to the head of its bucket, so a worker that releases several has to begin with the last.
    case released(cursor: String?)
    /// The job is tried again after a delay (nil: a jittered, growing one). Throttling consumes no try.
    case retry(after: Duration?, reason: String, consumesTry: Bool)
    /// The job becomes a dead letter at once, because no attempt can succeed.
    case discarded(reason: String)

    /// The outcome's name in metrics.
    package var label: String {
        switch self {
        case .completed: "completed"
        case .released: "released"
        case .retry: "retry"
        case .discarded: "discarded"
        }
    }
}
