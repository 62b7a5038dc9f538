import AWSCore
import ChangeFeed
import Domain
import FindingStore
import StoreTestSupport
import Testing

/// The stream's hard cases, which no server here can be made to show.
@Suite struct ChangeStreamTests {
    private func describe(_ aws: ScriptedDynamoDB, _ shards: [(String, String?)]) {
        aws.answer(
            "DescribeTable",
            #"""
            {"Table":{"TableStatus":"ACTIVE","LatestStreamArn":"arn:1","StreamSpecification":{"StreamEnabled":true},
            "KeySchema":[{"AttributeName":"PK","KeyType":"HASH"},{"AttributeName":"SK","KeyType":"RANGE"}]}}
            """#
        )
        let list = shards.map { id, parent in
            #"{"ShardId":"\#(id)"\#(parent.map { #","ParentShardId":"\#($0)""# } ?? "")}"#
        }
        aws.answer("DescribeStream", #"{"StreamDescription":{"Shards":[\#(list.joined(separator: ","))]}}"#)
    }

    private func iterator(_ aws: ScriptedDynamoDB, _ name: String) {
        aws.answer("GetShardIterator", #"{"ShardIterator":"\#(name)"}"#)
    }

    private func records(_ aws: ScriptedDynamoDB, _ digests: [String], next: String?, first: Int = 1) {
        let list = digests.enumerated().map { index, digest in
            #"{"eventName":"MODIFY","dynamodb":{"SequenceNumber":"\#(first + index)","Keys":{"PK":{"S":"111122223333/eu-west-1"},"#
                + #""SK":{"S":"team/app@sha256:\#(digest)"}}}}"#
        }
        let following = next.map { #","NextShardIterator":"\#($0)""# } ?? ""
        aws.answer("GetRecords", #"{"Records":[\#(list.joined(separator: ","))]\#(following)}"#)
    }

    @Test func `A closed shard gives way to its children`() async throws {
        let aws = ScriptedDynamoDB()
        let stream = ChangeStream(store: try aws.store())
        await stream.resume(from: nil)
        describe(aws, [("child", "parent"), ("parent", nil)])
        iterator(aws, "p1")
        records(aws, ["a", "b", "a"], next: nil)
        let first = try await stream.next()
        #expect(Set(first.images) == [StoreSample.place("a"), StoreSample.place("b")])
        #expect(first.records == 3)
        #expect(!first.isCaughtUp)
        #expect(first.checkpoint.shards == ["parent": .finished, "child": .beginning])
        describe(aws, [("child", "parent"), ("parent", nil)])
        iterator(aws, "c1")
        records(aws, ["c"], next: "c2", first: 9)
        let second = try await stream.next()
        #expect(second.images == [StoreSample.place("c")])
        #expect(second.checkpoint.shards == ["parent": .finished, "child": .after("9")])
        records(aws, [], next: "c3")
        let third = try await stream.next()
        #expect(third.isCaughtUp)
        #expect(aws.calls("GetRecords").last?.contains("c2") == true)
        #expect(third.gap == nil)
    }

    @Test func `An expired iterator is renewed behind what was read`() async throws {
        let aws = ScriptedDynamoDB()
        let stream = ChangeStream(store: try aws.store())
        await stream.resume(from: nil)
        describe(aws, [("s", nil)])
        iterator(aws, "1")
        records(aws, ["a"], next: "2", first: 41)
        _ = try await stream.next()
        aws.refuse("GetRecords", "ExpiredIteratorException")
        let empty = try await stream.next()
        #expect(empty.gap == nil && !empty.isCaughtUp)
        iterator(aws, "3")
        records(aws, ["b"], next: "4", first: 42)
        #expect(try await stream.next().images == [StoreSample.place("b")])
        let asked = try #require(aws.calls("GetShardIterator").last)
        #expect(asked.contains("AFTER_SEQUENCE_NUMBER") && asked.contains("\"41\""))
    }

    @Test func `Trimmed records are a gap, and reading goes on with the oldest`() async throws {
        let aws = ScriptedDynamoDB()
        let stream = ChangeStream(store: try aws.store())
        await stream.resume(from: StreamCheckpoint(streamARN: "arn:1", shards: ["s": .after("5")]))
        describe(aws, [("s", nil)])
        aws.refuse("GetShardIterator", "TrimmedDataAccessException")
        #expect(try await stream.next().gap != nil)
        iterator(aws, "1")
        records(aws, ["a"], next: "2", first: 90)
        let round = try await stream.next()
        #expect(round.gap == nil)
        #expect(round.images == [StoreSample.place("a")])
        #expect(aws.calls("GetShardIterator").last?.contains("TRIM_HORIZON") == true)
    }

    @Test func `A shard that vanished unread is a gap`() async throws {
        let aws = ScriptedDynamoDB()
        let stream = ChangeStream(store: try aws.store())
        await stream.resume(
            from: StreamCheckpoint(streamARN: "arn:1", shards: ["old": .after("5"), "done": .finished])
        )
        describe(aws, [("s", "old")])
        iterator(aws, "1")
        records(aws, [], next: "2")
        let round = try await stream.next()
        #expect(round.gap?.contains("1 shards") == true)
        #expect(round.checkpoint.shards == ["s": .beginning])
    }

    @Test func `Another stream, or a checkpoint older than the stream's memory, is a gap`() async throws {
        for (arn, age) in [("arn:0", 0.0), ("arn:1", 86_400)] {
            let aws = ScriptedDynamoDB()
            let stream = ChangeStream(store: try aws.store())
            var checkpoint = StreamCheckpoint(streamARN: arn, shards: ["s": .beginning])
            checkpoint.savedAt = 1000 - age
            await stream.resume(from: checkpoint)
            describe(aws, [("s", nil)])
            iterator(aws, "1")
            records(aws, [], next: "2")
            #expect(try await stream.next().gap != nil)
        }
    }

    @Test func `A failure in one shard does not lose what another gave`() async throws {
        let aws = ScriptedDynamoDB()
        let stream = ChangeStream(store: try aws.store())
        await stream.resume(from: nil)
        describe(aws, [("a", nil), ("b", nil)])
        iterator(aws, "a1")
        records(aws, ["a"], next: "a2")
        iterator(aws, "b1")
        aws.refuse("GetRecords", "AccessDeniedException")
        let round = try await stream.next()
        #expect(round.images == [StoreSample.place("a")])
        #expect(round.checkpoint.shards == ["a": .after("1"), "b": .beginning])
        #expect(!round.isCaughtUp)
        records(aws, [], next: "a3")
        aws.refuse("GetRecords", "AccessDeniedException")
        await #expect(throws: AWSServiceError.self) { try await stream.next() }
    }

    @Test func `Shards are listed in pages, and anew once a minute`() async throws {
        let aws = ScriptedDynamoDB()
        let stream = ChangeStream(store: try aws.store())
        await stream.resume(from: nil)
        aws.answer(
            "DescribeStream",
            #"{"StreamDescription":{"Shards":[{"ShardId":"a"}],"LastEvaluatedShardId":"a"}}"#
        )
        describe(aws, [("b", nil)])
        for name in ["a1", "b1"] { iterator(aws, name) }
        for _ in 0..<6 { records(aws, [], next: "n") }
        #expect(try await stream.next().checkpoint.shards.keys.sorted() == ["a", "b"])
        #expect(aws.calls("DescribeStream")[1].contains("\"ExclusiveStartShardId\":\"a\""))
        _ = try await stream.next()
        #expect(aws.calls("DescribeStream").count == 2)
        aws.advance(61)
        describe(aws, [("a", nil), ("b", nil)])
        _ = try await stream.next()
        #expect(aws.calls("DescribeStream").count == 3)
    }
}
