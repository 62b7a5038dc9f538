import Testing

@testable import SimulatedAWS

@Suite struct StreamTests {
    /// Reads a stream as a consumer must: parents before children, each shard to its end.
    private func read(
        _ database: inout TestDatabase,
        limit: Int = 1000
    ) throws -> (records: [JSONValue], shards: [JSONValue]) {
        let arn = try database.streamARN()
        let stream = try database.stream("DescribeStream", ["StreamArn": .string(arn)])
        let shards = stream["StreamDescription"]?["Shards"]?.elements ?? []
        var records: [JSONValue] = []
        var drained: Set<String> = []
        for shard in shards {
            let id = shard["ShardId"]?.text ?? ""
            if let parent = shard["ParentShardId"]?.text { #expect(drained.contains(parent)) }
            var iterator = try database.stream(
                "GetShardIterator",
                ["StreamArn": .string(arn), "ShardId": .string(id), "ShardIteratorType": "TRIM_HORIZON"]
            )["ShardIterator"]
            while let at = iterator {
                let page = try database.stream("GetRecords", ["ShardIterator": at, "Limit": .integer(limit)])
                let found = page["Records"]?.elements ?? []
                #expect(found.count <= limit)
                records += found
                iterator = page["NextShardIterator"]
                let isOpen = shard["SequenceNumberRange"]?["EndingSequenceNumber"] == nil
                #expect(isOpen == (iterator != nil) || !found.isEmpty)
                if isOpen, found.isEmpty { break }
            }
            drained.insert(id)
        }
        return (records, shards)
    }

    @Test func `Every change is one record with both images, and a write that changes nothing is none`() throws {
        var database = try TestDatabase()
        try database.put("p", "1", ["v": "a"])
        try database.put("p", "1", ["v": "a"])
        try database.put("p", "1", ["v": "b"])
        let key: JSONValue = ["PK": ["S": "p"], "SK": ["S": "1"]]
        _ = try database.call("DeleteItem", ["TableName": "items", "Key": key])
        _ = try database.call("DeleteItem", ["TableName": "items", "Key": key])
        let records = try read(&database).records
        #expect(records.map { $0["eventName"] } == ["INSERT", "MODIFY", "REMOVE"])
        let change = try #require(records[1]["dynamodb"])
        #expect(change["OldImage"]?["v"] == ["S": "a"] && change["NewImage"]?["v"] == ["S": "b"])
        #expect(
            change["Keys"] == key && records[0]["dynamodb"]?["OldImage"] == nil
                && records[2]["dynamodb"]?["NewImage"] == nil
        )
    }

    @Test(arguments: [1000, 3]) func `Across splits nothing is lost, and each item's changes keep their order`(
        limit: Int
    ) throws {
        var database = try TestDatabase(shardRecords: 20)
        for round in 0..<15 {
            for number in 0..<20 { try database.put("p\(number)", "1", ["v": "\(round)"]) }
        }
        let (records, shards) = try read(&database, limit: limit)
        #expect(records.count == 300)
        #expect(
            shards.count > 6 && shards.filter { $0["SequenceNumberRange"]?["EndingSequenceNumber"] == nil }.count == 4
        )
        let byItem = Dictionary(grouping: records) { $0["dynamodb"]?["Keys"]?["PK"]?["S"]?.text ?? "" }
        #expect(byItem.count == 20)
        for changes in byItem.values {
            #expect(changes.compactMap { $0["dynamodb"]?["NewImage"]?["v"]?["S"]?.text } == (0..<15).map { "\($0)" })
            let numbers = changes.compactMap { $0["dynamodb"]?["SequenceNumber"]?.text }
            #expect(numbers == numbers.sorted())
        }
    }

    @Test func `Iterators begin where they were asked to, and end after 15 minutes`() throws {
        var database = try TestDatabase()
        for number in 0..<5 { try database.put("p", "\(number)") }
        let arn = try database.streamARN()
        let all = try read(&database).records
        let third = try #require(all[2]["dynamodb"]?["SequenceNumber"])
        let shards = try database.stream("DescribeStream", ["StreamArn": .string(arn)])["StreamDescription"]?["Shards"]?
            .elements
        let counts = try ["AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER", "LATEST"].map { type in
            try (shards ?? []).map { shard in
                let iterator = try database.stream(
                    "GetShardIterator",
                    [
                        "StreamArn": .string(arn), "ShardId": shard["ShardId"] ?? .null,
                        "ShardIteratorType": .string(type),
                        "SequenceNumber": third,
                    ]
                )
                return try database.stream("GetRecords", iterator.renamed())["Records"]?.elements?.count ?? 0
            }.reduce(0, +)
        }
        #expect(counts == [3, 2, 0])
        let iterator = try database.stream(
            "GetShardIterator",
            ["StreamArn": .string(arn), "ShardId": shards?[0]["ShardId"] ?? .null, "ShardIteratorType": "LATEST"]
        )
        database.now += 901
        let code = try fault { _ = try database.stream("GetRecords", iterator.renamed()) }
        #expect(code == "ExpiredIteratorException")
    }

    @Test func `What was trimmed is refused, not passed over`() throws {
        var database = try TestDatabase()
        try database.put("p", "1")
        let arn = try database.streamARN()
        let record = try #require(try read(&database).records.first)
        let shards = try database.stream("DescribeStream", ["StreamArn": .string(arn)])["StreamDescription"]?["Shards"]?
            .elements
        let iterators = try (shards ?? []).map { shard in
            try database.stream(
                "GetShardIterator",
                ["StreamArn": .string(arn), "ShardId": shard["ShardId"] ?? .null, "ShardIteratorType": "TRIM_HORIZON"]
            )
        }
        database.trim()
        let codes = try iterators.map { iterator in
            try fault { _ = try database.stream("GetRecords", iterator.renamed()) }
        }
        #expect(codes.filter { $0 == "TrimmedDataAccessException" }.count == 1)
        #expect(record["eventName"] == "INSERT")
        #expect(try read(&database).records.isEmpty)
    }
}

extension JSONValue {
    /// An iterator's answer as the next request.
    fileprivate func renamed() -> JSONValue { ["ShardIterator": self["ShardIterator"] ?? .null] }
}
