package import AWSServices
package import FindingStore

extension Key {
    static let checkpoint = Key(partition: "checkpoint", sort: "stream")
}

extension FindingStore {
    /// The stored stream position; nil before the first checkpoint was stored.
    package func checkpoint() async throws -> StreamCheckpoint? {
        guard let item = try await client.get(Key.checkpoint) else { return nil }
        let reader = try ItemReader(item)
        var checkpoint = StreamCheckpoint(streamARN: try reader.string("stream"))
        checkpoint.savedAt = try reader.optionalDouble("saved")
        checkpoint.report = try reader.optionalString("report")
        for (shard, value) in try reader.map("shards") ?? [:] {
            guard case .s(let text) = value, let progress = ShardProgress(text: text) else {
                throw reader.malformed("shards")
            }
            checkpoint.shards[shard] = progress
        }
        return checkpoint
    }

    /// The checkpoint as an item; without `savedAt` it gets the current time.
    package func item(of checkpoint: StreamCheckpoint) -> DynamoDB.Item {
        var item = Key.checkpoint.item
        item["stream"] = .s(checkpoint.streamARN)
        item["saved"] = .number(checkpoint.savedAt ?? now())
        item["report"] = checkpoint.report.map(DynamoDB.AttributeValue.s)
        item["shards"] = .m(checkpoint.shards.mapValues { .s($0.text) })
        return item
    }
}

extension ShardProgress {
    fileprivate var text: String {
        switch self {
        case .beginning: "beginning"
        case .after(let number): "after \(number)"
        case .finished: "finished"
        }
    }

    fileprivate init?(text: String) {
        switch text {
        case "beginning": self = .beginning
        case "finished": self = .finished
        default:
            guard text.hasPrefix("after ") else { return nil }
            self = .after(String(text.dropFirst(6)))
        }
    }
}
