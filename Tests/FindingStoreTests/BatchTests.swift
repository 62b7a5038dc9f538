import AWSCore
import AWSServices
import Domain
import StoreTestSupport
import Support
import Testing

@testable import FindingStore

/// What moto never does and DynamoDB does under load.
@Suite struct BatchTests {
    private let key = #"{"PK":{"S":"vulnerability/CVE-1"},"SK":{"S":"-"}}"#
    private let item =
        #"{"PK":{"S":"vulnerability/CVE-1"},"SK":{"S":"-"},"severity":{"S":"HIGH"},"attributes":{"L":[]}}"#

    @Test func `Keys that were left unprocessed are asked for again`() async throws {
        let aws = ScriptedDynamoDB()
        let unprocessed = #"{"Responses":{"t":[]},"UnprocessedKeys":{"t":{"Keys":[\#(key)],"ConsistentRead":true}}}"#
        aws.answer("BatchGetItem", unprocessed)
        aws.answer("BatchGetItem", unprocessed)
        aws.answer("BatchGetItem", #"{"Responses":{"t":[\#(item)]},"UnprocessedKeys":{}}"#)
        #expect(try await aws.store().vulnerabilities(["CVE-1"]).map(\.id) == ["CVE-1"])
        #expect(aws.calls("BatchGetItem").count == 3)
        #expect(aws.calls.allSatisfy { $0.body.contains("\"ConsistentRead\":true") })
    }

    @Test func `Writes that were left undone are repeated, and only they`() async throws {
        let aws = ScriptedDynamoDB()
        let left = #"{"PutRequest":{"Item":{"PK":{"S":"p"},"SK":{"S":"left"}}}}"#
        aws.answer("BatchWriteItem", #"{"UnprocessedItems":{"t":[\#(left)]}}"#)
        aws.answer("BatchWriteItem", #"{"UnprocessedItems":{}}"#)
        try await aws.store().client.write([
            .put(Key(partition: "p", sort: "done").item), .put(Key(partition: "p", sort: "left").item),
        ])
        let bodies = aws.calls("BatchWriteItem")
        #expect(bodies.count == 2)
        #expect(bodies[1].contains("left") && !bodies[1].contains("done"))
    }

    @Test func `A batch that never ends is an error that may pass`() async throws {
        let aws = ScriptedDynamoDB()
        for _ in 0..<10 {
            aws.answer(
                "BatchWriteItem",
                #"{"UnprocessedItems":{"t":[{"DeleteRequest":{"Key":{"PK":{"S":"p"},"SK":{"S":"s"}}}}]}}"#
            )
        }
        let error = await #expect(throws: StoreError.self) {
            try await aws.store().client.write([.delete(Key(partition: "p", sort: "s").item)])
        }
        #expect(error == .unprocessed(1))
        #expect(error?.disposition.isRetryable == true)
    }

    @Test func `Throttling is sat out beyond AWS' three attempts`() async throws {
        let aws = ScriptedDynamoDB()
        for _ in 0..<7 { aws.refuse("GetItem", "ProvisionedThroughputExceededException") }
        aws.answer("GetItem", #"{"Item":\#(item)}"#)
        #expect(try await aws.store().vulnerability("CVE-1")?.severity == .high)
    }

    @Test func `A refusal for good is thrown at once`() async throws {
        let aws = ScriptedDynamoDB()
        aws.refuse("GetItem", "AccessDeniedException")
        await #expect(throws: AWSServiceError.self) { try await aws.store().vulnerability("CVE-1") }
        #expect(aws.calls.count == 1)
    }

    @Test func `What is known to be in the table is not asked for again`() async throws {
        let aws = ScriptedDynamoDB()
        aws.answer("BatchGetItem", #"{"Responses":{"t":[{"PK":{"S":"vulnerability/CVE-1"},"SK":{"S":"-"}}]}}"#)
        aws.answer("BatchWriteItem", #"{"UnprocessedItems":{}}"#)
        let store = try aws.store()
        let pair = [Vulnerability(id: "CVE-1", severity: .high), Vulnerability(id: "CVE-2", severity: .high)]
        try await store.record(pair)
        try await store.record(pair)
        #expect(aws.calls("BatchGetItem").count == 1)
        #expect(aws.calls("BatchWriteItem").count == 1)
        #expect(aws.calls("BatchWriteItem")[0].contains("CVE-2"))
        #expect(!aws.calls("BatchWriteItem")[0].contains("CVE-1"), "it was there")
    }

    @Test func `The memory of vulnerabilities is bounded`() {
        let known = KnownVulnerabilities(limit: 10)
        for number in 0..<100 { known.remember(["\(number)"]) }
        #expect(known.unknown(among: (0..<100).map(String.init)).count >= 90)
        #expect(known.unknown(among: ["99"]).isEmpty)
    }

    @Test func `An image that is rewritten while it is listed is read anew`() async throws {
        let aws = ScriptedDynamoDB()
        let head = #""PK":{"S":"111122223333/eu-west-1"},"SK":{"S":"team/app@sha256:a"},"tags":{"L":[]},"#
        let coverage = #""coverage":{"M":{"state":{"S":"waiting"}}},"token":{"N":"1"},"fingerprint":"#
        aws.answer("Query", #"{"Items":[{\#(head)\#(coverage){"S":"old"},"parts":{"N":"1"}}]}"#)
        aws.answer("GetItem", #"{"Item":{\#(head)\#(coverage){"S":"new"}}}"#)
        aws.answer("BatchGetItem", #"{"Responses":{}}"#)
        let images = try await aws.store().images(in: StoreSample.repository("team/app"))
        #expect(images.map(\.fingerprint) == ["new"])
    }

    @Test func `A malformed item is named`() async throws {
        let aws = ScriptedDynamoDB()
        aws.answer("Query", #"{"Items":[{"PK":{"S":"111122223333/eu-west-1"},"SK":{"S":"team/app@sha256:a"}}]}"#)
        let error = await #expect(throws: StoreError.self) {
            try await aws.store().images(in: StoreSample.repository("team/app"))
        }
        #expect(error == .malformed(key: "111122223333/eu-west-1 team/app@sha256:a", attribute: "tags"))
    }

    @Test func `Groups are put together as far as a transaction holds, and never divided`() {
        let group = ["a", "b"].map { DynamoDB.WriteRequest.put(Key(partition: "notes", sort: $0).item) }
        let batches = Array(TransactionBatches(Array(repeating: group, count: 120)))
        #expect(batches.map(\.count) == [98, 98, 44])
        let large = DynamoDB.WriteRequest.put([
            "PK": .s("p"), "SK": .s("s"), "b": .b(Array(repeating: 1, count: 1_400_000)),
        ])
        #expect(TransactionBatches(Array(repeating: [large], count: 5)).map(\.count) == [2, 2, 1])
        #expect(TransactionBatches([[], group, []]).map(\.count) == [2])
    }
}
