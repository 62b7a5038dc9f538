import AWSCore
import AWSServices
import Foundation
import Testing

@Suite struct PagingTests {
    @Test func `Follows an empty page that has a token`() async throws {
        let aws = ScriptedAWS(
            json: #"{"imageScanFindings":{"findings":[{"name":"a"}]},"nextToken":"1"}"#,
            #"{"imageScanFindings":{"findings":[]},"nextToken":"2"}"#,
            #"{"imageScanFindings":{"findings":[{"name":"b"}]},"nextToken":null}"#
        )
        var names: [String?] = []
        let request = ECR.DescribeImageScanFindings(repositoryName: "r", imageId: .init(imageTag: "t"), maxResults: 9)
        for try await page in try aws.client().pages(request) {
            names += page.imageScanFindings?.findings?.map(\.name) ?? []
        }
        #expect(names == ["a", "b"])
        let first: NSDictionary = ["repositoryName": "r", "imageId": ["imageTag": "t"], "maxResults": 9]
        #expect(aws.bodies.first == first)
        #expect(aws.bodies.map { $0?["nextToken"] as? String } == [nil, "1", "2"])
    }

    @Test func `Pages of every listing carry the token on`() async throws {
        try await follows(ECR.DescribeRepositories(maxResults: 1), token: "nextToken", pages: [])
        try await follows(ECR.DescribeImages(repositoryName: "r"), token: "nextToken", pages: [])
        try await follows(Organizations.ListAccounts(), token: "NextToken", pages: [])
        try await follows(AWSAccount.ListRegions(), token: "NextToken", pages: [])
        try await follows(
            DynamoDBStreams.DescribeStream(StreamArn: "a"),
            token: "ExclusiveStartShardId",
            pages: [
                #"{"StreamDescription":{"LastEvaluatedShardId":"1"}}"#,
                #"{"StreamDescription":{"LastEvaluatedShardId":"2"}}"#,
            ]
        )
    }

    private func follows<Call: PaginatedOperation>(_ call: Call, token: String, pages: [String]) async throws {
        let first = pages.first ?? #"{"\#(token)":"1"}"#
        let second = pages.last ?? #"{"\#(token)":"2"}"#
        let aws = ScriptedAWS(json: first, second, "{}")
        for try await _ in try aws.client().pages(call) {}
        #expect(aws.bodies.map { $0?[token] as? String } == [nil, "1", "2"], "\(Call.name)")
    }

    @Test func `A query goes on after the key where the page ended`() async throws {
        let key = #"{"SK":{"S":"b\"c"},"PK":{"S":"a"},"N":{"N":"12345678901234567890123456789012345678"}}"#
        let aws = ScriptedAWS(json: #"{"Items":[],"LastEvaluatedKey":\#(key)}"#, #"{"Items":[{"PK":{"S":"x"}}]}"#)
        var items: [DynamoDB.Item] = []
        let query = DynamoDB.Query(
            TableName: "t",
            KeyConditionExpression: "PK = :p",
            ExpressionAttributeValues: [":p": .s("a")],
            Limit: 5,
            ConsistentRead: true
        )
        for try await page in try aws.client().pages(query) { items += page.Items ?? [] }
        #expect(items == [["PK": .s("x")]])
        var expected: [String: Any] = [
            "TableName": "t", "KeyConditionExpression": "PK = :p", "ExpressionAttributeValues": [":p": ["S": "a"]],
            "Limit": 5, "ConsistentRead": true,
        ]
        #expect(aws.bodies.first == NSDictionary(dictionary: expected))
        expected["ExclusiveStartKey"] = [
            "PK": ["S": "a"], "SK": ["S": "b\"c"], "N": ["N": "12345678901234567890123456789012345678"],
        ]
        #expect(aws.bodies.last == NSDictionary(dictionary: expected))
    }
}
