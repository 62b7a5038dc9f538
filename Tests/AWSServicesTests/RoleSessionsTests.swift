import AWSCore
import AWSServices
import Foundation
import HTTPTransport
import Testing

@Suite struct RoleSessionsTests {
    @Test func `Assumes a role once for all who ask, and again when its hour ends`() async throws {
        let aws = ScriptedAWS([answer("ONE", "2027-01-15T09:00:00Z"), answer("TWO", "2027-01-15T10:00:00.500Z")])
        let sessions = try sessions(aws, externalID: "secret+id")
        let first = try await sessions.provider(for: "111111111111").credentials()
        let again = try await sessions.provider(for: "111111111111").credentials()
        #expect(first.accessKeyID == "ONE")
        #expect(first.expiration == 1_800_003_600)
        #expect(again == first)
        aws.wait(3500)
        let renewed = try await sessions.provider(for: "111111111111").credentials()
        #expect(renewed.accessKeyID == "TWO")
        #expect(renewed.expiration == 1_800_007_200.5)
        #expect(aws.requests.count == 2)
        let request = try #require(aws.requests.first)
        #expect(request.url == "https://sts.eu-central-1.amazonaws.com/")
        #expect(
            String(decoding: request.body, as: UTF8.self)
                == "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A111111111111%3Arole%2FScanfleetMember"
                + "&RoleSessionName=scanfleet-worker-1&DurationSeconds=3600&ExternalId=secret%2Bid"
        )
    }

    @Test func `Keeps accounts apart, and asks with no external id where none is set`() async throws {
        let aws = ScriptedAWS([answer("ONE", "2027-01-15T09:00:00Z"), answer("TWO", "2027-01-15T09:00:00Z")])
        let sessions = try sessions(aws, region: "cn-north-1")
        #expect(try await sessions.provider(for: "111111111111").credentials().accessKeyID == "ONE")
        let role = "arn:aws-cn:iam::222222222222:role/path/Listing"
        #expect(try await sessions.provider(forRoleARN: role).credentials().accessKeyID == "TWO")
        #expect(try await sessions.provider(for: "111111111111").credentials().accessKeyID == "ONE")
        let bodies = aws.requests.map { String(decoding: $0.body, as: UTF8.self) }
        #expect(bodies[0].contains("arn%3Aaws-cn%3Aiam%3A%3A111111111111"))
        #expect(bodies[1].contains("222222222222%3Arole%2Fpath%2FListing"))
        #expect(bodies.allSatisfy { !$0.contains("ExternalId") })
    }

    @Test func `A refusal is told and not remembered`() async throws {
        let refusal = """
            <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>AccessDenied</Code>\
            <Message>User is not authorized to perform: sts:AssumeRole</Message></Error><RequestId>1</RequestId></ErrorResponse>
            """
        let aws = ScriptedAWS([
            HTTPResponse(status: 403, body: Array(refusal.utf8)), answer("ONE", "2027-01-15T09:00:00Z"),
        ])
        let provider = try await sessions(aws).provider(for: "111111111111")
        let error = await #expect(throws: AWSServiceError.self) { try await provider.credentials() }
        #expect(error?.isAccessDenied ?? false)
        #expect(error?.operation == "AssumeRole")
        #expect(try await provider.credentials().accessKeyID == "ONE")
    }

    @Test(arguments: [
        (400, "ExpiredTokenException", "The security token included in the request is expired"),
        (400, "UnrecognizedClientException", "The security token included in the request is invalid"),
        (
            403, "AccessDeniedException",
            "not authorized to perform: x with an explicit deny in an identity-based policy"
        ),
    ])
    func `A session that ends or is revoked in the middle of a job is renewed once, and the call repeated`(
        status: Int,
        code: String,
        message: String
    ) async throws {
        let refusal = HTTPResponse(
            status: status,
            body: Array(#"{"__type":"\#(code)","message":"\#(message)"}"#.utf8)
        )
        let page = HTTPResponse(status: 200, body: Array(#"{"repositories":[]}"#.utf8))
        let aws = ScriptedAWS([
            answer("ONE", "2027-01-15T09:00:00Z"), page, refusal, answer("TWO", "2027-01-15T09:00:00Z"), page, page,
        ])
        let provider = try await sessions(aws).provider(for: "111111111111")
        let client = AWSClient(runtime: try aws.runtime(), region: "eu-central-1", credentials: provider)
        for _ in 0..<3 {
            aws.wait(70)
            _ = try await client.send(ECR.DescribeRepositories())
        }
        let signers = aws.requests.compactMap { request in
            request.headers.first { $0.name == "Authorization" }?.value.split(separator: "=")[1].prefix { $0 != "/" }
        }
        #expect(signers == ["test", "ONE", "ONE", "test", "TWO", "TWO"])
    }

    @Test func `Where successors are refused too, calls renew their session ever more seldom`() async throws {
        let refusal = HTTPResponse(status: 400, body: Array(#"{"__type":"UnrecognizedClientException"}"#.utf8))
        // With a call each 90 s: after 5, 20, 80, 320 and 900 s.
        let renewing: Set = [0, 1, 2, 3, 7]
        let answers = (0..<9).flatMap { call in
            [refusal] + (renewing.contains(call) ? [answer("NEW\(call)", "2027-01-15T09:00:00Z"), refusal] : [])
        }
        let aws = ScriptedAWS([answer("ONE", "2027-01-15T09:00:00Z")] + answers)
        let provider = try await sessions(aws).provider(for: "111111111111")
        let client = AWSClient(runtime: try aws.runtime(), region: "eu-central-1", credentials: provider)
        for _ in 0..<9 {
            let error = await #expect(throws: AWSServiceError.self) {
                try await client.send(ECR.DescribeRepositories())
            }
            #expect(error?.isAboutSignature == true)
            aws.wait(90)
        }
        #expect(aws.requests.count == 1 + answers.count)
    }

    @Test func `A clock that is an hour fast does not end sessions before they begin`() async throws {
        let skewed = HTTPResponse(
            status: 403,
            headers: [("Date", "Fri, 15 Jan 2027 07:00:00 GMT")],
            body: Array("<ErrorResponse><Error><Code>RequestTimeTooSkewed</Code></Error></ErrorResponse>".utf8)
        )
        let aws = ScriptedAWS([skewed, answer("ONE", "2027-01-15T08:00:00Z"), answer("TWO", "2027-01-15T08:50:01Z")])
        let provider = try await sessions(aws).provider(for: "111111111111")
        #expect(try await provider.credentials().accessKeyID == "ONE")
        aws.wait(40 * 60)
        #expect(try await provider.credentials().accessKeyID == "ONE")
        aws.wait(10 * 60 + 1)
        #expect(try await provider.credentials().accessKeyID == "TWO")
    }

    @Test func `An answer without keys is malformed`() {
        let body = Array("<AssumeRoleResponse/>".utf8)
        let error = #expect(throws: MissingElement.self) {
            try STS.AssumeRole.decode(HTTPResponse(status: 200, body: body))
        }
        #expect(error?.name == "AssumeRoleResult")
    }

    @Test(arguments: [
        ("worker/\u{FC}ber", "worker--ber"), ("", "scanfleet"),
        (String(repeating: "a", count: 99), String(repeating: "a", count: 64)),
        ("a_b+=,.@-9", "a_b+=,.@-9"),
    ])
    func `Replaces what a session's name may not hold`(_ name: String, _ expected: String) async throws {
        let aws = ScriptedAWS([answer("ONE", "2027-01-15T09:00:00Z")])
        let provider = try await sessions(aws, name: name).provider(for: "111111111111")
        _ = try await provider.credentials()
        let body = try String(decoding: #require(aws.requests.first).body, as: UTF8.self)
        let sent = body.split(separator: "&").first { $0.hasPrefix("RoleSessionName=") }?.dropFirst(16)
        #expect(sent.flatMap { String($0).removingPercentEncoding } == expected)
    }

    private func sessions(
        _ aws: ScriptedAWS,
        region: String = "eu-central-1",
        externalID: String? = nil,
        name: String = "scanfleet-worker-1"
    ) throws -> RoleSessions {
        RoleSessions(
            runtime: try aws.runtime(),
            source: StaticCredentials(.test),
            region: region,
            roleName: "ScanfleetMember",
            externalID: externalID,
            sessionName: name
        )
    }

    private func answer(_ key: String, _ expiration: String) -> HTTPResponse {
        let xml = """
            <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><AssumedRoleUser>\
            <AssumedRoleId>AROA:s</AssumedRoleId><Arn>arn:aws:sts::111111111111:assumed-role/r/s</Arn></AssumedRoleUser>\
            <Credentials><AccessKeyId>\(key)</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>\
            <Expiration>\(expiration)</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>
            """
        return HTTPResponse(status: 200, body: Array(xml.utf8))
    }
}
