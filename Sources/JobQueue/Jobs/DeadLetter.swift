internal import Redis

/// A job that was given up, with the facts by which a person decides whether to replay or drop it.
package struct DeadLetter: Sendable, Hashable {
    /// The letter's id, for `replay` and `drop`; it begins with the time of death in milliseconds since 1970.
    package var id: String
    /// The id of the sweep that the job belongs to; it may have expired.
    package var sweep: String
    /// The job's bucket, such as `account:region`.
    package var bucket: String
    /// The work, which is also the job's name within its sweep.
    package var payload: String
    /// The reason of the last failed attempt, or a text that says that the job's workers died.
    package var reason: String
    /// Attempts that consumed a try; releases and throttled attempts consume none.
    package var tries: Int
    /// How often a worker died while it held the job, since the job last made progress.
    package var crashes: Int
}

extension DeadLetter {
    /// Reads an entry of the stream; nil when it has another shape.
    init?(_ entry: RESPValue) {
        guard let parts = entry.elements, parts.count == 2, let id = parts[0].text,
            let fields = parts[1].dictionary, let sweep = fields["sweep"], let payload = fields["payload"]
        else { return nil }
        self.init(
            id: id,
            sweep: sweep,
            bucket: fields["bucket"] ?? "",
            payload: payload,
            reason: fields["reason"] ?? "",
            tries: fields["tries"].flatMap { Int($0) } ?? 0,
            crashes: fields["crashes"].flatMap { Int($0) } ?? 0
        )
    }
}
