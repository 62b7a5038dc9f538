internal import AWSCore
internal import Support
internal import TestSupport
internal import Testing

@Suite(.timeLimit(.minutes(10))) struct ContainerCredentialsTests {
    private func problem(_ environment: [String: String]) -> CredentialsError? {
        do {
            _ = try CredentialsSource(environment: environment)
            return nil
        } catch {
            return error
        }
    }

    @Test func `Asks the agent of EKS with the token of the file, read for each request`() async throws {
        try await StandIn.with(always: .answer(body: Answer.document("ONE"))) { standIn in
            var variables = standIn.pod
            variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = try standIn.directory.write("first", to: "token")
            variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "not this one"
            let chain = try standIn.chain(variables)
            let keys = try await chain.credentials()
            #expect(keys.accessKeyID == "ONE")
            #expect(keys.sessionToken?.value == "quiet")
            #expect(keys.expiration == 1_800_021_600)
            try standIn.directory.write("second", to: "token")
            await chain.invalidate(keys, .expired)
            _ = try await chain.credentials()
            #expect(standIn.server.requests.map(\.target) == ["/v1/credentials", "/v1/credentials"])
            #expect(standIn.server.requests.map { $0.header("Authorization") } == ["first", "second"])
            #expect("\(chain.source)" == "the container's agent at \(standIn.server.url)/v1/credentials")
        }
    }

    @Test func `Goes on without a token, or with that of the environment`() async throws {
        try await StandIn.with(always: .answer(body: Answer.document("ONE"))) { standIn in
            _ = try await standIn.credentials(standIn.pod)
            let token = ["AWS_CONTAINER_AUTHORIZATION_TOKEN": "from environment"]
            _ = try await standIn.credentials(standIn.pod.merging(token) { $1 })
            #expect(standIn.server.requests.map { $0.header("Authorization") } == [nil, "from environment"])
        }
    }

    @Test(arguments: ["token\r\nX-Evil: 1", "token\n", "token\rx", "to\u{0}ken"])
    func `A token that would add a header is never sent`(token: String) async throws {
        try await StandIn.with(always: .answer(body: Answer.document("ONE"))) { standIn in
            var variables = standIn.pod
            variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = try standIn.directory.write(token, to: "token")
            let chain = try standIn.chain(variables)
            let error = await failure { _ = try await chain.credentials() }
            #expect(error?.description.contains("line break") == true)
            #expect(error?.description.contains("Evil") == false)
            #expect(standIn.server.requests.isEmpty)
        }
        let inEnvironment = problem([
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x", "AWS_CONTAINER_AUTHORIZATION_TOKEN": token,
        ])
        #expect(inEnvironment?.description.contains("AWS_CONTAINER_AUTHORIZATION_TOKEN holds") == true)
    }

    @Test(arguments: [
        "http://example.com/keys", "http://169.254.170.3/keys", "http://169.254.170.2@example.com/keys",
        "http://127.0.0.1@example.com/", "http://127.0.0.1\\@example.com/", "http://127.0.0.1.example.com/",
        "http://localhost.example.com/", "http://127.1/", "http://2130706433/", "http://127.0.0.01/",
        "http://[fd00:ec2::24]/", "http://%6cocalhost/", "http:///keys", "ftp://localhost/", "localhost/keys",
        "http://localhost:80@example.com/", "http://[::1]example.com/", "http://localhost /", "https://user@host/",
    ])
    func `Other hosts are not asked for keys`(url: String) {
        let error = problem(["AWS_CONTAINER_CREDENTIALS_FULL_URI": url])
        #expect(error?.description.contains("AWS_CONTAINER_CREDENTIALS_FULL_URI") == true)
        #expect(error?.disposition == .permanent)
    }

    @Test(arguments: [
        "http://169.254.170.2/v2", "http://169.254.170.23/v1/credentials", "http://[fd00:ec2::23]/v1/credentials",
        "http://127.0.0.1:51679/x", "http://127.9.9.9/x", "http://localhost:1/x", "http://[::1]:8080/x",
        "http://[FD00:EC2::23]/",
        "https://keys.example.com/x?y=z",
    ])
    func `Agents, this machine and whoever has a certificate are asked`(url: String) {
        #expect(problem(["AWS_CONTAINER_CREDENTIALS_FULL_URI": url]) == nil)
    }

    @Test func `ECS' relative path goes to its agent, and wins`() throws {
        let source = try CredentialsSource(environment: [
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials/1?id=2",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://example.com",
        ])
        #expect("\(source)" == "the container's agent at http://169.254.170.2/v2/credentials/1")
        for path in ["keys", "@example.com/", ":80@example.com/", "/a b", "/a\r\nb"] {
            #expect(problem(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": path]) != nil, "\(path)")
        }
    }

    @Test func `An agent out of order is asked three times, a second apart`() async throws {
        let tries = Counter()
        let script: ScriptedHTTPServer.Script = { _ in
            switch tries.increment() {
            case 1: [.answer(500, body: #"{"code":"Oops","message":"try later"}"#)]
            case 2: [.answer(body: "<html>")]
            default: [.answer(body: Answer.document("ONE"))]
            }
        }
        try await StandIn.with(script) { standIn in
            let keys = try await standIn.credentials(standIn.pod)
            #expect(keys.accessKeyID == "ONE")
            #expect(standIn.server.requests.count == 3)
            #expect(standIn.clock.sleeps == [.seconds(1), .seconds(1)])
        }
    }

    @Test func `A refusal is told with the agent's reason`() async throws {
        let body = #"{"code":"AccessDenied","message":"no association\nhush"}"#
        try await StandIn.with(always: .answer(403, body: body)) { standIn in
            let chain = try standIn.chain(standIn.pod)
            let error = await failure { _ = try await chain.credentials() }
            #expect(error?.description.contains("status 403: AccessDenied: no association") == true)
            #expect(error?.disposition == .permanent)
            #expect(standIn.server.requests.count == 3)
        }
    }

    @Test func `An agent that does not answer is given up after two seconds each time`() async throws {
        try await StandIn.with(always: .hang) { standIn in
            let chain = try standIn.chain(standIn.pod)
            let error = await failure { _ = try await chain.credentials() }
            #expect(error?.description.contains("no answer came in time") == true)
            #expect(error?.disposition == .transient)
            #expect(standIn.server.requests.count == 3)
        }
    }

    @Test(arguments: [("AccessKeyId", "AccessKeyId"), ("Token", "Token"), ("Expiration", "Expiration")])
    func `What the answer lacks is named, and nothing of it shown`(member: String, name: String) async throws {
        let body = Answer.document("ONE").replacing("\"\(member)\"", with: "\"other\"")
        try await StandIn.with(always: .answer(body: body)) { standIn in
            let chain = try standIn.chain(standIn.pod)
            let error = await failure { _ = try await chain.credentials() }
            #expect(error?.description.contains("gave no \(name)") == true)
            #expect(error?.description.contains("hush") == false)
        }
    }
}
