import AWSCore
import AWSServices
import AWSTestSupport
import HTTPTransport
import Support
import TestSupport
import Testing

/// Somebody else verifies our signatures; in one account, because moto's check knows no other account's sessions.
@Suite(.requiresMotoServer, .timeLimit(.minutes(10))) struct SignatureTests {
    private static let everything = #"""
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}
        """#

    @Test func `Every service accepts our signatures, and refuses those of a wrong secret`() async throws {
        try await LiveAWS.with(canCheckSignatures: true) { aws in
            let keys = try await user(aws, policy: Self.everything)
            _ = try await aws.client().send(Organizations.CreateOrganization())
            try await switchCheckOn(aws)
            let client = aws.client(StaticCredentials(keys))
            #expect(try await client.send(STS.GetCallerIdentity()).Arn.hasSuffix(":user/scanfleet"))
            #expect(try await client.send(Organizations.ListAccounts()).Accounts?.count == 1)
            try await tourECR(client)
            let stream = try await tourDynamoDB(client)
            try await tourStream(client, stream)
            // Before 5.2.5 moto itself misreads, under its check, what a path holds beyond these.
            let objects = ["findings/index.json", "a b/c#d?e", "plain"]
            try await tourS3(aws.client(StaticCredentials(keys), region: "us-east-1"), keys: objects)
            try await refusesWrongSecret(aws, keys, stream)
        }
    }

    @Test func `A missing permission is told from a wrong signature`() async throws {
        try await LiveAWS.with(canCheckSignatures: true) { aws in
            let policy = #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:*","Resource":"*"}]}"#
            let keys = try await user(aws, policy: policy)
            try await switchCheckOn(aws)
            let client = aws.client(StaticCredentials(keys))
            _ = try await client.send(STS.GetCallerIdentity())
            let error = await #expect(throws: AWSServiceError.self) {
                try await client.send(ECR.DescribeRepositories())
            }
            #expect(error?.isAccessDenied ?? false)
            #expect(error?.isAboutSignature == false)
        }
    }

    private func refusesWrongSecret(_ aws: LiveAWS, _ keys: Credentials, _ stream: String) async throws {
        let wrong = Credentials(
            accessKeyID: keys.accessKeyID,
            secretAccessKey: Secret(keys.secretAccessKey.value + "x")
        )
        let client = aws.client(StaticCredentials(wrong), region: "us-east-1")
        let code = "SignatureDoesNotMatch"
        #expect(await errorCode { try await client.send(STS.GetCallerIdentity()) } == code)
        #expect(await errorCode { try await client.send(Organizations.ListAccounts()) } == code)
        #expect(await errorCode { try await client.send(ECR.DescribeRepositories()) } == code)
        #expect(await errorCode { try await client.send(DynamoDB.DescribeTable(TableName: "t")) } == code)
        #expect(await errorCode { try await client.send(DynamoDBStreams.DescribeStream(StreamArn: stream)) } == code)
        #expect(await errorCode { try await client.send(S3.GetObject(Bucket: "reports", Key: "plain")) } == code)
        #expect(await errorCode { try await client.send(S3.HeadBucket(Bucket: "reports")) } == "AccessDenied")
    }

    private func user(_ aws: LiveAWS, policy: String) async throws -> Credentials {
        let client = aws.client(region: "us-east-1")
        _ = try await client.send(IAM.CreateUser(name: "scanfleet"))
        _ = try await client.send(IAM.PutUserPolicy(name: "scanfleet", document: policy))
        return try await client.send(IAM.CreateAccessKey(name: "scanfleet"))
    }

    private func switchCheckOn(_ aws: LiveAWS) async throws {
        let request = HTTPRequest(
            method: "POST",
            url: aws.server.url + "/moto-api/reset-auth",
            headers: [("Content-Type", "text/plain")],
            body: Array("0".utf8)
        )
        let answer = try await aws.http.send(request)
        try #require(answer.status == 200)
    }
}
