internal import Redis

/// A job that was given up, with what a person needs to decide about it.
package struct DeadLetter: Sendable, Hashable {
    /// Names the letter to `replay`; begins with its time in milliseconds since 1970.
    package var id: String
    package var sweep: String
    package var bucket: String
    package var payload: String
    /// The last attempt's reason, or that its workers died.
    package var reason: String
    /// Attempts that consumed a try.
    package var tries: Int
    /// Deaths of its workers.
    package var crashes: Int
}

extension DeadLetter {
    /// Reads an entry of the stream; nil when it is none of ours.
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
