/// What the queue holds at one moment: the numbers of /v1/queue.
package struct QueueSnapshot: Sendable, Hashable {
    /// Jobs in their buckets' lists.
    package var ready = 0
    /// Retries whose time has come and that no claim has brought back yet.
    package var due = 0
    package var inFlight = 0
    /// Retries whose time has not come.
    package var delayed = 0
    /// Jobs that wait to run alone.
    package var suspect = 0
    /// Dead letters.
    package var dead = 0
    /// Ready jobs that the caps of their buckets let start now, however many workers there are.
    package var startable = 0
    /// For how long the sweep of the oldest ready job has been open; 0 when nothing is ready.
    package var oldestReadySeconds = 0
    /// All that have not expired, the newest first.
    package var sweeps: [SweepProgress] = []

    /// An empty queue.
    package init() {}

    /// Work that a worker could have now, or has.
    package var backlog: Int { ready + due + inFlight }

    /// How many workers of `concurrency` jobs each find something to do, at most `limit`.
    ///
    /// Jobs beyond their buckets' caps call for nobody, since more workers could not start them; anything unfinished
    /// keeps one.
    package func desiredWorkers(concurrency: Int, limit: Int) -> Int {
        guard concurrency > 0, limit > 0 else { return 0 }
        let occupied = startable + due + inFlight
        let needed = (occupied + concurrency - 1) / concurrency
        let least = backlog + delayed + suspect > 0 ? 1 : 0
        return min(limit, max(needed, least))
    }
}
