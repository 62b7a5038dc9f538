internal import Redis

/// A job that was given up, with everything that a person needs to decide about it.
package struct DeadLetter: Sendable, Hashable {
    /// The letter's name for `replay`; it begins with its time in milliseconds since 1970.
    package var id: String
    /// The sweep that the job belongs to.
    package var sweep: String
    /// The job's bucket.
    package var bucket: String
    /// The job's name within its sweep.
    package var payload: String
    /// The last attempt's reason, or that its workers died.
    package var reason: String
    /// How many attempts consumed a try.
    package var tries: Int
    /// How often its worker died.
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
