/// How far a sweep is.
package struct SweepProgress: Sendable, Hashable {
    package var id: String
    /// Jobs enqueued so far; final once `isClosed`.
    package var total = 0
    package var done = 0
    package var dead = 0
    package var cancelled = 0
    /// How many retries there were.
    package var retried = 0
    /// How many expired leases were taken back.
    package var recovered = 0
    /// Everything is enqueued.
    package var isClosed = false
    /// No job of it starts any more.
    package var isStopped = false
    /// Seconds since 1970 of the server's clock.
    package var openedAt = 0.0
    /// Seconds since 1970 of the server's clock; set once, also when dead letters are replayed later.
    package var completedAt: Double?
    /// Sums of what the jobs counted, each job once.
    package var tallies: [String: Int] = [:]

    /// Whether every job is over.
    package var isComplete: Bool { completedAt != nil }
    /// Jobs that are not over.
    package var remaining: Int { total - done - dead - cancelled }

    /// Names a sweep of which nothing is known yet.
    package init(id: String) { self.id = id }
}

extension SweepProgress {
    /// Reads the fields that open.lua names; unknown ones are of a newer version and left out.
    init(id: String, fields: [String: String]) {
        func count(_ name: String) -> Int { fields[name].flatMap { Int($0) } ?? 0 }
        self.init(id: id)
        total = count("total")
        done = count("done")
        dead = count("dead")
        cancelled = count("cancelled")
        retried = count("retried")
        recovered = count("recovered")
        isClosed = fields["closed"] == "1"
        isStopped = fields["stopped"] == "1"
        openedAt = fields["opened"].flatMap { Double($0) } ?? 0
        completedAt = fields["completed_at"].flatMap { Double($0) }
        for (name, value) in fields where name.hasPrefix("t:") {
            tallies[String(name.dropFirst(2))] = Int(value)
        }
    }
}
