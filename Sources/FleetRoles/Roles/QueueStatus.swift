internal import JSON
package import JobQueue

/// The queue's numbers as `/v1/queue` and `scanfleet status` show them; KEDA scales workers by them.
package struct QueueStatus {
    /// The counts from Redis at one moment.
    package let snapshot: QueueSnapshot
    /// How many workers would have something to do, at most 1000.
    package let desiredWorkers: Int

    /// Computes `desiredWorkers` for workers that each have `concurrency` jobs in flight.
    package init(_ snapshot: QueueSnapshot, concurrency: Int) {
        self.snapshot = snapshot
        desiredWorkers = snapshot.desiredWorkers(concurrency: concurrency, limit: 1000)
    }

    /// The number of jobs in each state, by the names that metrics and `/v1/queue` use; `suspect` means quarantined.
    package var states: [(String, Int)] {
        [
            ("ready", snapshot.ready), ("due", snapshot.due), ("in_flight", snapshot.inFlight),
            ("delayed", snapshot.delayed), ("suspect", snapshot.quarantined), ("dead", snapshot.dead),
        ]
    }

    /// One JSON object, followed by a line break.
    package var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        for (state, count) in states + [("backlog", snapshot.backlog), ("desired_workers", desiredWorkers)] {
            writer.key(state)
            writer.number(count)
        }
        writer.key("oldest_ready_seconds")
        writer.number(snapshot.oldestReadySeconds)
        writer.key("sweeps")
        writer.beginArray()
        for sweep in snapshot.sweeps { Self.write(sweep, to: &writer) }
        writer.endArray()
        writer.endObject()
        return writer.drain() + [UInt8(ascii: "\n")]
    }

    private static func write(_ sweep: SweepProgress, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("id")
        writer.string(sweep.id)
        for counter in SweepProgress.Counter.allCases {
            writer.key(counter.rawValue)
            writer.number(sweep[counter])
        }
        writer.key("closed")
        writer.bool(sweep.isClosed)
        writer.key("opened_at")
        writer.number(sweep.openedAt)
        writer.key("completed_at")
        if let at = sweep.completedAt { writer.number(at) } else { writer.null() }
        writer.key("tallies")
        writer.beginObject()
        for (name, count) in sweep.tallies.sorted(by: { $0.key < $1.key }) {
            writer.key(name)
            writer.number(count)
        }
        writer.endObject()
        writer.endObject()
    }
}
