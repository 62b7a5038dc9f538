import AWSCore
import AWSServices
import Foundation
import HTTPTransport
import Testing

@Suite struct RequestTests {
    @Test func `Names the call, its version and its host`() async throws {
        let aws = ScriptedAWS(json: "{}", "{}", "{}", "{}", "{}")
        let client = try aws.client()
        _ = try await client.send(ECR.DescribeRepositories())
        _ = try await client.send(Organizations.ListAccounts())
        _ = try await client.send(DynamoDB.DescribeTable(TableName: "t"))
        _ = try await client.send(DynamoDBStreams.DescribeStream(StreamArn: "a"))
        _ = try await client.send(AWSAccount.ListRegions())
        let wire = aws.requests.map { [$0.url, $0.header("x-amz-target"), $0.header("content-type")] }
        #expect(
            wire == [
                [
                    "https://api.ecr.eu-central-1.amazonaws.com/",
                    "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories", "application/x-amz-json-1.1",
                ],
                [
                    "https://organizations.us-east-1.amazonaws.com/", "AWSOrganizationsV20161128.ListAccounts",
                    "application/x-amz-json-1.1",
                ],
                [
                    "https://dynamodb.eu-central-1.amazonaws.com/", "DynamoDB_20120810.DescribeTable",
                    "application/x-amz-json-1.0",
                ],
                [
                    "https://streams.dynamodb.eu-central-1.amazonaws.com/", "DynamoDBStreams_20120810.DescribeStream",
                    "application/x-amz-json-1.0",
                ],
                ["https://account.us-east-1.amazonaws.com/listRegions", nil, "application/json"],
            ]
        )
        #expect(aws.requests.allSatisfy { $0.method == "POST" })
    }

    @Test func `Asks for gzip where an answer may be large and no checksum or reader minds`() async throws {
        let aws = ScriptedAWS(json: "{}", "{}", "{}", "{}")
        let client = try aws.client()
        let image = ECR.ImageIdentifier(imageDigest: "sha256:0")
        _ = try await client.send(ECR.DescribeImages(repositoryName: "r"))
        _ = try await client.send(ECR.DescribeImageScanFindings(repositoryName: "r", imageId: image))
        _ = try await client.send(ECR.DescribeImageScanFindings(repositoryName: "r", imageId: image, maxResults: 1))
        // Its checksum covers the bytes as they are sent.
        _ = try await client.send(DynamoDB.Query(TableName: "t", KeyConditionExpression: "k = :k"))
        #expect(aws.requests.map(\.acceptsGzip) == [true, true, false, false])
    }

    @Test func `Leaves out what is nil`() async throws {
        let aws = ScriptedAWS(json: "{}", "{}", "{}")
        let client = try aws.client()
        _ = try await client.send(ECR.DescribeRepositories())
        _ = try await client.send(
            ECR.DescribeImages(repositoryName: "team/app", maxResults: 1000, filter: .init(imageStatus: "ANY"))
        )
        _ = try await client.send(AWSAccount.ListRegions(MaxResults: 50))
        #expect(
            aws.bodies == [
                [:], ["repositoryName": "team/app", "maxResults": 1000, "filter": ["imageStatus": "ANY"]],
                ["MaxResults": 50],
            ]
        )
    }

    @Test func `Says a scan of the day is an answer, once`() async throws {
        let body = #"{"__type":"LimitExceededException","message":"The scan quota per image has been exceeded."}"#
        let aws = ScriptedAWS([HTTPResponse(status: 400, body: Array(body.utf8))])
        let request = ECR.StartImageScan(repositoryName: "r", imageId: .init(imageDigest: "sha256:0"))
        let error = await #expect(throws: AWSServiceError.self) { try await aws.client().send(request) }
        #expect(error?.code.rawValue == "LimitExceededException")
        #expect(aws.requests.count == 1)
        #expect(aws.bodies == [["repositoryName": "r", "imageId": ["imageDigest": "sha256:0"]]])
    }

    @Test(arguments: [
        ("index.json", "/bucket/index.json"), ("a/b c+d", "/bucket/a/b%20c%2Bd"),
        ("\u{FC}/~._-", "/bucket/%C3%BC/~._-"),
        ("a//b", "/bucket/a//b"), ("a%20b", "/bucket/a%2520b"), ("q?x=1#y", "/bucket/q%3Fx%3D1%23y"),
    ])
    func `Encodes an object's key once and keeps its slashes`(_ key: String, _ path: String) throws {
        #expect(try S3.GetObject(Bucket: "bucket", Key: key).encode().path == path)
        #expect(try S3.PutObject(Bucket: "bucket", Key: key, Body: []).encode().path == path)
    }

    @Test func `Sends an object's headers and conditions`() throws {
        let headers = S3.ObjectHeaders(
            ContentType: "application/json",
            ContentEncoding: "gzip",
            CacheControl: "no-cache"
        )
        let put = S3.PutObject(Bucket: "b", Key: "k", Body: [1], Headers: headers, IfMatch: "\"e\"", IfNoneMatch: "*")
        let request = try put.encode()
        #expect(request.method == "PUT")
        #expect(request.body == [1])
        #expect(
            request.headers.map { "\($0.name): \($0.value)" } == [
                "Content-Type: application/json", "Content-Encoding: gzip", "Cache-Control: no-cache",
                "If-Match: \"e\"",
                "If-None-Match: *",
            ]
        )
    }

    @Test(arguments: [
        (301, "PermanentRedirect"), (400, "BadRequest"), (403, "AccessDenied"), (404, "NoSuchBucket"),
    ])
    func `A bucket's status is its error`(_ status: Int, _ code: String) async throws {
        let aws = ScriptedAWS([HTTPResponse(status: status)])
        let error = await #expect(throws: AWSServiceError.self) {
            try await aws.client().send(S3.HeadBucket(Bucket: "bucket"))
        }
        #expect(error?.code.rawValue == code)
        #expect(aws.requests.count == 1)
        #expect(error?.isAccessDenied == (status == 403))
    }

    @Test func `An error in a good answer is that error, and is tried again like any fault of S3`() async throws {
        let error = { (code: String) in
            HTTPResponse(status: 200, body: Array("<Error><Code>\(code)</Code><Message>m</Message></Error>".utf8))
        }
        let done = "<CompleteMultipartUploadResult><ETag>&quot;e&quot;</ETag></CompleteMultipartUploadResult>"
        let aws = ScriptedAWS([
            error("InternalError"), HTTPResponse(status: 200, body: Array(done.utf8)), error("PreconditionFailed"),
            error("PreconditionFailed"), error("PreconditionFailed"),
        ])
        let complete = S3.CompleteMultipartUpload(Bucket: "b", Key: "k", UploadId: "u", Parts: ["\"p\""])
        let client = try aws.client()
        #expect(try await client.send(complete).ETag == "\"e\"")
        #expect(aws.requests.count == 2)
        let failure = await #expect(throws: AWSServiceError.self) { try await client.send(complete) }
        #expect(failure?.code.rawValue == "PreconditionFailed")
    }

    @Test func `A race of two writers is told apart from a condition that does not hold`() async throws {
        let conflict = "<Error><Code>ConditionalRequestConflict</Code><Message>race</Message></Error>"
        let aws = ScriptedAWS([
            HTTPResponse(status: 409, body: Array(conflict.utf8)), HTTPResponse(status: 409), HTTPResponse(status: 412),
        ])
        let client = try aws.client()
        for code in ["ConditionalRequestConflict", "ConditionalRequestConflict", "PreconditionFailed"] {
            let error = await #expect(throws: AWSServiceError.self) {
                try await client.send(S3.PutObject(Bucket: "b", Key: "k", Body: [], IfMatch: "\"e\""))
            }
            #expect(error?.code.rawValue == code)
        }
        #expect(aws.requests.count == 3)
    }

    @Test func `An object that did not change has no body`() async throws {
        let aws = ScriptedAWS([HTTPResponse(status: 304, headers: [("ETag", "\"e\"")])])
        let answer = try await aws.client().send(S3.GetObject(Bucket: "b", Key: "k", IfNoneMatch: "\"e\""))
        #expect(answer.Body == nil)
        #expect(answer.ETag == "\"e\"")
        #expect(aws.requests.first?.header("if-none-match") == "\"e\"")
    }
}

extension HTTPRequest {
    func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }
}
