/// Amazon DynamoDB Streams.
struct StreamsService {
    let database: Database

    func answer(_ call: Call) throws -> JSONValue {
        switch call.operation {
        case "ListStreams":
            let streams = database.tables.values.filter { $0.stream != nil }
            return ["Streams": .array(streams.map(name))]
        case "DescribeStream": return try describe(call)
        case "GetShardIterator": return try iterator(call)
        case "GetRecords": return try records(call)
        default: throw ServiceFault("UnknownOperationException", "")
        }
    }

    private func name(_ table: Table) -> JSONValue {
        [
            "StreamArn": .string(table.streamARN), "TableName": .string(table.name),
            "StreamLabel": .string(table.stream?.label ?? ""),
        ]
    }

    private func find(_ arn: String?, _ call: Call) throws -> (table: Table, stream: ChangeStream) {
        let table = database.tables.values.first {
            $0.streamARN == arn && $0.arn.contains(":\(call.region):\(call.caller.account):")
        }
        guard let table, let stream = table.stream else {
            throw ServiceFault(
                "ResourceNotFoundException",
                "Requested resource not found: Stream: \(arn ?? "null") not found"
            )
        }
        return (table, stream)
    }

    private func describe(_ call: Call) throws -> JSONValue {
        let (table, stream) = try find(call.input["StreamArn"]?.text, call)
        let limit = call.input["Limit"]?.whole ?? 100
        guard (1...100).contains(limit) else { throw ServiceFault.validation("Limit must be from 1 to 100") }
        var start = 0
        if let last = call.input["ExclusiveStartShardId"]?.text {
            start = (stream.shards.firstIndex { $0.id == last } ?? -1) + 1
        }
        let end = min(start + limit, stream.shards.count)
        return [
            "StreamDescription": .compact([
                "StreamArn": .string(table.streamARN),
                "StreamLabel": .string(stream.label),
                "StreamStatus": "ENABLED",
                "StreamViewType": "NEW_AND_OLD_IMAGES",
                "CreationRequestDateTime": .number(table.createdAt),
                "TableName": .string(table.name),
                "KeySchema": table.schema.json,
                "Shards": .array(stream.shards[start..<end].map(\.json)),
                "LastEvaluatedShardId": end < stream.shards.count ? .string(stream.shards[end - 1].id) : nil,
            ])
        ]
    }

    private func shard(_ id: String?, of stream: ChangeStream) throws -> ChangeStream.Shard {
        guard let shard = id.flatMap(stream.shard) else {
            throw ServiceFault(
                "ResourceNotFoundException",
                "Requested resource not found: Shard: \(id ?? "null") not found"
            )
        }
        return shard
    }

    private func iterator(_ call: Call) throws -> JSONValue {
        let (table, stream) = try find(call.input["StreamArn"]?.text, call)
        let shard = try shard(call.input["ShardId"]?.text, of: stream)
        let position: Int
        switch call.input["ShardIteratorType"]?.text {
        case "TRIM_HORIZON": position = shard.trimmed
        case "LATEST": position = shard.end
        case "AT_SEQUENCE_NUMBER": position = try self.position(call, in: shard, after: false)
        case "AFTER_SEQUENCE_NUMBER": position = try self.position(call, in: shard, after: true)
        default: throw ServiceFault.validation("Invalid ShardIteratorType")
        }
        let iterator = ShardIterator(stream: table.streamARN, shard: shard.id, position: position, now: call.now)
        return ["ShardIterator": .string(iterator.token)]
    }

    private func position(_ call: Call, in shard: ChangeStream.Shard, after: Bool) throws -> Int {
        guard let text = call.input["SequenceNumber"]?.text, text.count == 21,
            text >= StreamRecord.text(of: shard.firstSequence)
        else { throw ServiceFault.validation("Invalid SequenceNumber") }
        let first = shard.records.first.map { StreamRecord.text(of: $0.sequence) }
        if shard.trimmed > 0, first == nil || text < first ?? "" {
            throw ServiceFault(
                "TrimmedDataAccessException",
                "The operation attempted to read past the oldest stream record in a shard."
            )
        }
        let offset = shard.records.firstIndex {
            let number = StreamRecord.text(of: $0.sequence)
            return after ? number > text : number >= text
        }
        return shard.trimmed + (offset ?? shard.records.count)
    }

    private func records(_ call: Call) throws -> JSONValue {
        guard var iterator = call.input["ShardIterator"]?.text.flatMap(ShardIterator.init) else {
            throw ServiceFault.validation("Invalid ShardIterator")
        }
        guard iterator.expiration > call.now else {
            throw ServiceFault("ExpiredIteratorException", "The provided iterator is expired.")
        }
        let limit = call.input["Limit"]?.whole ?? 1000
        guard (1...1000).contains(limit) else { throw ServiceFault.validation("Limit must be from 1 to 1000") }
        let (_, stream) = try find(iterator.stream, call)
        let shard = try shard(iterator.shard, of: stream)
        guard iterator.position >= shard.trimmed else {
            throw ServiceFault(
                "TrimmedDataAccessException",
                "The operation attempted to read past the oldest stream record in a shard."
            )
        }
        var size = 0
        let page = shard.records.dropFirst(iterator.position - shard.trimmed).prefix(limit).prefix { record in
            defer { size += record.size }
            return size == 0 || size + record.size <= 1_048_576
        }
        iterator = ShardIterator(
            stream: iterator.stream,
            shard: shard.id,
            position: iterator.position + page.count,
            now: call.now
        )
        let isFinished = !shard.isOpen && iterator.position == shard.end
        return .compact([
            "Records": .array(page.map { $0.json(region: call.region) }),
            "NextShardIterator": isFinished ? nil : .string(iterator.token),
        ])
    }
}

extension ChangeStream.Shard {
    fileprivate var json: JSONValue {
        .compact([
            "ShardId": .string(id),
            "ParentShardId": parent.map(JSONValue.string),
            "SequenceNumberRange": .compact([
                "StartingSequenceNumber": .string(StreamRecord.text(of: firstSequence)),
                "EndingSequenceNumber": lastSequence.map { .string(StreamRecord.text(of: $0)) },
            ]),
        ])
    }
}
