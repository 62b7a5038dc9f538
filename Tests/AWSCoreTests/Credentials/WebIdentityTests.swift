internal import AWSCore
internal import Support
internal import TestSupport
internal import Testing

@Suite(.timeLimit(.minutes(10))) struct WebIdentityTests {
    private static let action = "AssumeRoleWithWebIdentity"

    @Test func `Shows the token to the region's STS, unsigned`() async throws {
        try await StandIn.with(always: .answer(body: Answer.session(Self.action, "ONE"))) { standIn in
            let chain = try standIn.chain(try standIn.webIdentity("token-1\n"))
            let keys = try await chain.credentials()
            #expect(keys.accessKeyID == "ONE")
            #expect(keys.expiration == 1_800_003_600)
            let request = try #require(standIn.server.requests.first)
            #expect(request.method == "POST")
            #expect(request.header("Authorization") == nil)
            #expect(request.header("X-Amz-Date") == nil)
            #expect(
                request.form == [
                    "Action": Self.action, "Version": "2011-06-15", "RoleArn": "arn:aws:iam::111111111111:role/pod",
                    "RoleSessionName": "scanfleet-test", "WebIdentityToken": "token-1",
                ]
            )
            #expect("\(chain.source)".contains("role arn:aws:iam::111111111111:role/pod, token file"))
        }
    }

    @Test func `Reads the token anew for each session, and names it as asked`() async throws {
        try await StandIn.with(always: .answer(body: Answer.session(Self.action, "ONE"))) { standIn in
            let variables = try standIn.webIdentity().merging(["AWS_ROLE_SESSION_NAME": "auditor"]) { $1 }
            let chain = try standIn.chain(variables)
            let keys = try await chain.credentials()
            try standIn.directory.write("token-2", to: "token")
            await chain.invalidate(keys, .expired)
            _ = try await chain.credentials()
            let forms = standIn.server.requests.map(\.form)
            #expect(forms.map { $0["WebIdentityToken"] } == ["token-1", "token-2"])
            #expect(forms.map { $0["RoleSessionName"] } == ["auditor", "auditor"])
        }
    }

    @Test func `A session that begins an hour ago by our clock is judged by STS'`() async throws {
        let session = Answer.session(Self.action, "ONE", until: "2027-01-15T08:00:00Z")
        let date = (name: "Date", value: "Fri, 15 Jan 2027 07:00:00 GMT")
        try await StandIn.with(always: .answer(headers: [date], body: session)) { standIn in
            let chain = try standIn.chain(try standIn.webIdentity())
            for _ in 0..<2 { #expect(try await chain.credentials().accessKeyID == "ONE") }
            #expect(standIn.server.requests.count == 1)
        }
    }

    @Test func `A refused token is told, and one that has ended is not shown twice`() async throws {
        try await StandIn.with(always: .answer(400, body: Answer.refusal("ExpiredTokenException", "Token expired"))) {
            standIn in
            let chain = try standIn.chain(try standIn.webIdentity("jwt-hush"))
            let error = await failure { _ = try await chain.credentials() }
            #expect(error?.description.contains("web identity") == true)
            #expect(error?.description.contains("ExpiredTokenException") == true)
            #expect(error?.description.contains("jwt-hush") == false)
            #expect(standIn.server.requests.count == 1)
        }
    }

    @Test func `STS' trouble with the provider is tried again`() async throws {
        let tries = Counter()
        let script: ScriptedHTTPServer.Script = { _ in
            tries.increment() == 1
                ? [.answer(400, body: Answer.refusal("IDPCommunicationError"))]
                : [.answer(body: Answer.session(Self.action, "ONE"))]
        }
        try await StandIn.with(script) { standIn in
            let keys = try await standIn.credentials(try standIn.webIdentity())
            #expect(keys.accessKeyID == "ONE")
            #expect(standIn.server.requests.count == 2)
        }
    }

    @Test func `A failure is not remembered: a token that comes later is used`() async throws {
        try await StandIn.with(always: .answer(body: Answer.session(Self.action, "ONE"))) { standIn in
            let chain = try standIn.chain([
                "AWS_WEB_IDENTITY_TOKEN_FILE": standIn.directory.file("later"), "AWS_ROLE_ARN": "r",
            ])
            let missing = await failure { _ = try await chain.credentials() }
            #expect(missing?.description.contains("cannot be read: it is not there") == true)
            #expect(missing?.disposition == .transient)
            try standIn.directory.write("", to: "later")
            #expect(await failure { _ = try await chain.credentials() }?.description.contains("is empty") == true)
            #expect(standIn.server.requests.isEmpty)
            try standIn.directory.write("token", to: "later")
            #expect(try await chain.credentials().accessKeyID == "ONE")
        }
    }

    @Test func `A token without a role is a mistake`() {
        let error = #expect(throws: CredentialsError.self) {
            try CredentialsSource(environment: ["AWS_WEB_IDENTITY_TOKEN_FILE": "/token"])
        }
        #expect(error?.description.contains("AWS_ROLE_ARN is not") == true)
    }
}
