/// The numbers of jobs by state at one moment, as `/v1/queue` shows them.
package struct QueueSnapshot: Sendable, Hashable {
    /// Jobs that wait in their buckets' lists.
    package var ready = 0
    /// Retries whose time has come and that no claim has made ready yet.
    package var due = 0
    /// Jobs that workers hold leases for.
    package var inFlight = 0
    /// Retries whose time has not come.
    package var delayed = 0
    /// Jobs that wait to run in isolation, because workers have crashed while they held them.
    package var quarantined = 0
    /// Dead letters, also those of expired sweeps.
    package var dead = 0
    /// Ready jobs that their buckets' limits allow to start now, however many workers there are.
    package var startable = 0
    /// The age in seconds of the sweep of the oldest ready job; 0 when nothing is ready.
    package var oldestReadySeconds = 0
    /// All sweeps that have not expired, the newest first.
    package var sweeps: [SweepProgress] = []

    /// Creates the snapshot of an empty queue.
    package init() {}

    /// Jobs that a worker holds or could be given now.
    package var backlog: Int { ready + due + inFlight }

    /// Returns how many workers of `concurrency` jobs each have something to do, at most `limit`.
    ///
    /// Jobs beyond their buckets' limits need no worker, because none could start them; anything unfinished needs one.
    package func desiredWorkers(concurrency: Int, limit: Int) -> Int {
        guard concurrency > 0, limit > 0 else { return 0 }
        let occupied = startable + due + inFlight
        let needed = (occupied + concurrency - 1) / concurrency
        let least = backlog + delayed + quarantined > 0 ? 1 : 0
        return min(limit, max(needed, least))
    }
}
