import AWSCore
import AWSServices
import Foundation
import HTTPTransport
import Testing

@Suite struct ItemTests {
    /// Made anew each time: an indirect case is a pointer with a mark in its upper bits, which LeakSanitizer does not take
    /// for one, so that a global that holds it looks like a leak.
    private static var item: DynamoDB.Item {
        [
            "text": .s("\u{E9}\"\n\u{1F600}"),
            "number": .n("-1.5E+37"),
            "bytes": .b([0, 255, 128, 1]),
            "nothing": .b([]),
            "yes": .bool(true),
            "no": .bool(false),
            "null": .null,
            "list": .l([.s("a"), .l([]), .null]),
            "map": .m(["inner": .m([:]), "n": .n("0")]),
            "set": .ss(["a", "b"]),
        ]
    }

    @Test func `Every type of attribute comes back as it went`() throws {
        let body = try DynamoDB.PutItem(TableName: "t", Item: Self.item).encodeBody()
        let answer = try DynamoDB.GetItem.decode(HTTPResponse(status: 200, body: body))
        #expect(answer.Item == Self.item)
    }

    @Test func `Attributes are spelt as DynamoDB spells them`() throws {
        let body = try DynamoDB.PutItem(TableName: "t", Item: Self.item).encodeBody()
        let expected: NSDictionary = [
            "TableName": "t",
            "Item": [
                "text": ["S": "\u{E9}\"\n\u{1F600}"], "number": ["N": "-1.5E+37"], "bytes": ["B": "AP+AAQ=="],
                "nothing": ["B": ""], "yes": ["BOOL": true], "no": ["BOOL": false], "null": ["NULL": true],
                "list": ["L": [["S": "a"], ["L": []], ["NULL": true]]],
                "map": ["M": ["inner": ["M": [:]], "n": ["N": "0"]]], "set": ["SS": ["a", "b"]],
            ],
        ]
        #expect(try JSONSerialization.jsonObject(with: Data(body)) as? NSDictionary == expected)
    }

    @Test(arguments: [
        #"{"Item":{"a":{}}}"#, #"{"Item":{"a":{"X":"1"}}}"#, #"{"Item":{"a":{"B":"not base64!"}}}"#,
        #"{"Item":{"a":{"S":1}}}"#,
        #"{"Item":{"a":{"N":1}}}"#, #"{"Item":{"a":"x"}}"#, #"{"Item":[]}"#, #"{"Item":{}"#, #"{"Item":{}}x"#, "",
    ])
    func `Refuses what is no item`(_ body: String) {
        #expect(throws: (any Error).self) {
            try DynamoDB.GetItem.decode(HTTPResponse(status: 200, body: Array(body.utf8)))
        }
    }

    @Test func `No item is nil, and not an empty one`() throws {
        #expect(try DynamoDB.GetItem.decode(HTTPResponse(status: 200, body: Array("{}".utf8))).Item == nil)
        #expect(try DynamoDB.GetItem.decode(HTTPResponse(status: 200, body: Array(#"{"Item":{}}"#.utf8))).Item == [:])
    }

    @Test func `What a batch left over can be sent again as it is`() throws {
        let writes: [String: [DynamoDB.WriteRequest]] = ["t": [.put(Self.item), .delete(["k": .s("x")])]]
        let sent = try DynamoDB.BatchWriteItem(RequestItems: writes).encodeBody()
        let answered = String(decoding: sent, as: UTF8.self).replacing("RequestItems", with: "UnprocessedItems")
        let left = try DynamoDB.BatchWriteItem.decode(HTTPResponse(status: 200, body: Array(answered.utf8)))
        #expect(left.UnprocessedItems == writes)

        let keys = DynamoDB.KeysAndAttributes(
            Keys: [["k": .s("x")]],
            ConsistentRead: true,
            ProjectionExpression: "#a",
            ExpressionAttributeNames: ["#a": "name"]
        )
        let asked = try DynamoDB.BatchGetItem(RequestItems: ["t": keys]).encodeBody()
        let text = String(decoding: asked, as: UTF8.self).replacing("RequestItems", with: "UnprocessedKeys")
        let unread = try DynamoDB.BatchGetItem.decode(HTTPResponse(status: 200, body: Array(text.utf8)))
        #expect(unread.UnprocessedKeys == ["t": keys])
    }

    @Test func `Reads a stream's records of all three kinds`() throws {
        let body = #"""
            {"NextShardIterator":null,"Records":[
            {"eventID":"1","eventName":"INSERT","eventVersion":"1.1","awsRegion":"eu-central-1","dynamodb":{
            "ApproximateCreationDateTime":1479499740,"Keys":{"k":{"S":"x"}},"NewImage":{"k":{"S":"x"},"v":{"N":"1"}},
            "SequenceNumber":"13021600000000001596893679","SizeBytes":112,"StreamViewType":"NEW_AND_OLD_IMAGES"}},
            {"eventName":"REMOVE","dynamodb":{"OldImage":{"k":{"S":"x"}}},"userIdentity":{"type":"Service"}}]}
            """#
        let answer = try DynamoDBStreams.GetRecords.decode(HTTPResponse(status: 200, body: Array(body.utf8)))
        let records = try #require(answer.Records)
        #expect(answer.NextShardIterator == nil)
        #expect(records.map(\.eventName) == ["INSERT", "REMOVE"])
        #expect(records[0].dynamodb?.NewImage == ["k": .s("x"), "v": .n("1")])
        #expect(records[0].dynamodb?.OldImage == nil)
        #expect(records[0].dynamodb?.Keys == ["k": .s("x")])
        #expect(records[0].dynamodb?.SequenceNumber == "13021600000000001596893679")
        #expect(records[0].dynamodb?.ApproximateCreationDateTime == 1_479_499_740)
        #expect(records[1].dynamodb?.OldImage == ["k": .s("x")])
    }

    @Test func `A failed scan has null findings, which is not none`() throws {
        let body = #"""
            {"registryId":"123456789012","repositoryName":"r","imageId":{"imageTag":"t"},"imageScanFindings":null,
            "imageScanStatus":{"status":"FAILED","description":"UnsupportedImageError: The operating system and/or package manager are not supported."}}
            """#
        let answer = try ECR.DescribeImageScanFindings.decode(HTTPResponse(status: 200, body: Array(body.utf8)))
        #expect(answer.imageScanStatus?.status == "FAILED")
        #expect(answer.imageScanStatus?.description?.hasPrefix("UnsupportedImageError") ?? false)
        #expect(answer.imageScanFindings == nil)
    }

    @Test func `Fields may be null wherever AWS says optional`() throws {
        let body = #"""
            {"imageScanStatus":{"status":null,"description":null},"nextToken":null,"imageScanFindings":{
            "imageScanCompletedAt":null,"vulnerabilitySourceUpdatedAt":null,"findingSeverityCounts":null,
            "findings":[{"name":null,"uri":null,"severity":null,"attributes":null},{"attributes":[{"key":null,"value":null}]}],
            "enhancedFindings":[{"score":null,"packageVulnerabilityDetails":null},
            {"packageVulnerabilityDetails":{"cvss":null,"vulnerablePackages":[{"name":null}]}}]}}
            """#
        let answer = try ECR.DescribeImageScanFindings.decode(HTTPResponse(status: 200, body: Array(body.utf8)))
        #expect(answer.imageScanFindings?.findings?.count == 2)
        #expect(answer.imageScanFindings?.enhancedFindings?.count == 2)
        #expect(answer.imageScanFindings?.findingSeverityCounts == nil)
    }
}
