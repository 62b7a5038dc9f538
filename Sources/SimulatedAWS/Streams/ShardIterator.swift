/// A place in a shard, as GetShardIterator hands it out.
struct ShardIterator: Sendable, Hashable {
    var stream: String
    var shard: String
    /// Counted from the shard's beginning, trimmed records included.
    var position: Int
    /// Seconds since 1970; iterators live 15 minutes.
    var expiration: Double

    init(stream: String, shard: String, position: Int, now: Double) {
        self.stream = stream
        self.shard = shard
        self.position = position
        expiration = now + 900
    }

    init?(_ token: String) {
        let parts = (PageToken.read(token) ?? "").split(separator: "|").map(String.init)
        guard parts.count == 4, let position = Int(parts[2]), let expiration = Double(parts[3]) else { return nil }
        self.stream = parts[0]
        self.shard = parts[1]
        self.position = position
        self.expiration = expiration
    }

    var token: String { PageToken.make("\(stream)|\(shard)|\(position)|\(expiration)") }
}
