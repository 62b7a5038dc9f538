internal import AWSCore
internal import Support
internal import Synchronization
internal import TestSupport
internal import Testing

@Suite(.timeLimit(.minutes(10))) struct InstanceMetadataTests {
    private static let role = "/latest/meta-data/iam/security-credentials/the-role"

    @Test func `Asks for a token, the role and its keys`() async throws {
        try await StandIn.with(Answer.metadata(Answer.document("ONE"))) { standIn in
            let chain = try standIn.chain(standIn.instance)
            let keys = try await chain.credentials()
            #expect(keys.accessKeyID == "ONE")
            #expect(keys.expiration == 1_800_021_600)
            let requests = standIn.server.requests
            #expect(requests.map(\.method) == ["PUT", "GET", "GET"])
            #expect(requests[0].header("x-aws-ec2-metadata-token-ttl-seconds") == "21600")
            #expect(requests.map { $0.header("x-aws-ec2-metadata-token") } == [nil, "v2-token", "v2-token"])
            #expect(requests[2].target == Self.role)
            #expect("\(chain.source)" == "the EC2 instance's metadata at \(standIn.server.url)")
        }
    }

    @Test(arguments: [403, 404, 405])
    func `Goes on without a token where there is none to have`(status: Int) async throws {
        try await StandIn.with(Self.tokenless(.answer(status))) { standIn in
            let keys = try await standIn.credentials(standIn.instance)
            #expect(keys.accessKeyID == "ONE")
            #expect(standIn.server.requests.dropFirst().allSatisfy { $0.header("x-aws-ec2-metadata-token") == nil })
        }
    }

    @Test func `Goes on without a token that does not arrive, as beyond the allowed hops`() async throws {
        try await StandIn.with(Self.tokenless(.hang)) { standIn in
            let keys = try await standIn.credentials(standIn.instance)
            #expect(keys.accessKeyID == "ONE")
        }
    }

    @Test(arguments: [ScriptedHTTPServer.Step.answer(404), .hang])
    func `Never asks without a token where version 1 is turned off`(step: ScriptedHTTPServer.Step) async throws {
        try await StandIn.with(Self.tokenless(step)) { standIn in
            let chain = try standIn.chain(standIn.instance.merging(["AWS_EC2_METADATA_V1_DISABLED": "true"]) { $1 })
            let error = await failure { _ = try await chain.credentials() }
            #expect(error?.description.contains("AWS_EC2_METADATA_V1_DISABLED") == true)
            #expect(standIn.server.requests.count == 1)
        }
    }

    /// Metadata whose tokens are not to be had.
    private static func tokenless(_ step: ScriptedHTTPServer.Step) -> ScriptedHTTPServer.Script {
        let metadata = Answer.metadata(Answer.document("ONE"))
        return { $0.method == "PUT" ? [step] : metadata($0) }
    }

    @Test func `A refused token request is an error`() async throws {
        try await StandIn.with(always: .answer(400)) { standIn in
            let chain = try standIn.chain(standIn.instance)
            let error = await failure { _ = try await chain.credentials() }
            #expect(error?.description.contains("status 400") == true)
            #expect(standIn.server.requests.count == 1)
        }
    }

    private static let tokenOnly: ScriptedHTTPServer.Script = {
        $0.method == "PUT" ? [.answer(body: "t")] : [.answer(404)]
    }

    @Test func `Without a role all that was looked for is told`() async throws {
        try await StandIn.with(Self.tokenOnly) { standIn in
            let chain = try standIn.chain(standIn.instance)
            let error = await failure { _ = try await chain.credentials() }
            for name in [
                "the instance has no role", "AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "profile default",
                "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI", standIn.directory.path,
            ] { #expect(error?.description.contains(name) == true, "\(name) in \(String(describing: error))") }
            #expect(error?.disposition == .permanent)
        }
    }

    @Test func `An error in a good answer is told`() async throws {
        let body = #"{"Code":"AssumeRoleUnauthorizedAccess","Message":"EC2 cannot assume the role"}"#
        try await StandIn.with(Answer.metadata(body)) { standIn in
            let chain = try standIn.chain(standIn.instance)
            let error = await failure { _ = try await chain.credentials() }
            #expect(error?.description.contains("AssumeRoleUnauthorizedAccess: EC2 cannot") == true)
        }
    }

    @Test func `Keys that are about to end, or have, are used on for a while`() async throws {
        try await StandIn.with(Answer.metadata(Answer.document("OLD", until: "2027-01-15T08:05:00Z"))) { standIn in
            for wait in [0.0, 3600] {
                standIn.clock.advance(by: wait)
                let now = standIn.clock.now
                let keys = try await standIn.credentials(standIn.instance)
                #expect(keys.accessKeyID == "OLD")
                let life = try #require(keys.expiration) - now
                #expect((17 * 60...25 * 60).contains(life), "\(life)")
            }
            #expect(standIn.clock.warnings.count == 2)
            #expect(standIn.clock.warnings.allSatisfy { $0.contains("about to end") && !$0.contains("hush") })
        }
    }

    @Test func `Held keys are used on while the service is out of order, and replaced when it is not`() async throws {
        let health = Mutex("ONE")
        let metadata = Answer.metadata(Answer.document(health.withLock { $0 }, until: "2027-01-15T23:00:00Z"))
        let script: ScriptedHTTPServer.Script = { health.withLock { $0 }.isEmpty ? [.answer(503)] : metadata($0) }
        try await StandIn.with(script) { standIn in
            let chain = try standIn.chain(standIn.instance)
            #expect(try await chain.credentials().accessKeyID == "ONE")
            health.withLock { $0 = "" }
            standIn.clock.advance(by: 15 * 3600 - 60)
            let held = try await chain.credentials()
            #expect(held.accessKeyID == "ONE")
            #expect(try #require(held.expiration) > standIn.clock.now + 17 * 60 - 1)
            #expect(standIn.clock.warnings.first?.contains("503") == true)
            health.withLock { $0 = "TWO" }
            standIn.clock.advance(by: 24 * 60)
            #expect(try await chain.credentials().accessKeyID == "TWO")
        }
    }

    @Test(arguments: [ScriptedHTTPServer.Step.hang, .answer(401)], [[:], ["AWS_EC2_METADATA_V1_DISABLED": "true"]])
    func `Held keys are used on while tokens are late or not taken`(
        step: ScriptedHTTPServer.Step,
        more: [String: String]
    ) async throws {
        let isWell = Mutex(true)
        let metadata = Answer.metadata(Answer.document("ONE", until: "2027-01-15T23:00:00Z"))
        let isLate = if case .hang = step { true } else { false }
        let script: ScriptedHTTPServer.Script = { request in
            isWell.withLock { $0 } || (request.method == "PUT") != isLate ? metadata(request) : [step]
        }
        try await StandIn.with(script) { standIn in
            let chain = try standIn.chain(standIn.instance.merging(more) { $1 })
            #expect(try await chain.credentials().accessKeyID == "ONE")
            isWell.withLock { $0 = false }
            standIn.clock.advance(by: 15 * 3600 - 60)
            let held = try await chain.credentials()
            #expect(held.accessKeyID == "ONE")
            #expect(try #require(held.expiration) > standIn.clock.now + 17 * 60 - 1)
        }
    }

    @Test func `A service that was never there fails at once, and is asked again by the next caller`() async throws {
        let isUp = Mutex(false)
        let metadata = Answer.metadata(Answer.document("ONE"))
        let script: ScriptedHTTPServer.Script = { isUp.withLock { $0 } ? metadata($0) : [.reset] }
        try await StandIn.with(script) { standIn in
            let chain = try standIn.chain(standIn.instance)
            let error = await failure { _ = try await chain.credentials() }
            #expect(error?.disposition == .transient)
            #expect(standIn.server.requests.count == 1)
            isUp.withLock { $0 = true }
            #expect(try await chain.credentials().accessKeyID == "ONE")
        }
    }

    @Test func `Tries as often as is set`() async throws {
        let tries = Counter()
        let metadata = Answer.metadata(Answer.document("ONE"))
        let script: ScriptedHTTPServer.Script = { tries.increment() < 3 ? [.answer(503)] : metadata($0) }
        try await StandIn.with(script) { standIn in
            let more = ["AWS_METADATA_SERVICE_NUM_ATTEMPTS": "3"]
            let keys = try await standIn.credentials(standIn.instance.merging(more) { $1 })
            #expect(keys.accessKeyID == "ONE")
        }
    }

    @Test func `Nothing configured and metadata turned off is an error that lists what was looked for`() {
        let error = #expect(throws: CredentialsError.self) {
            try CredentialsSource(environment: ["AWS_EC2_METADATA_DISABLED": "TRUE", "HOME": "/nonexistent"])
        }
        for name in [
            "AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            "AWS_EC2_METADATA_DISABLED", "/nonexistent/.aws/config", "/nonexistent/.aws/credentials",
        ] { #expect(error?.description.contains(name) == true, "\(name)") }
    }

    @Test(arguments: [
        ([:], "http://169.254.169.254"), (["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv6"], "http://[fd00:ec2::254]"),
        (["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://[::1]:1338/"], "http://[::1]:1338"),
    ])
    func `Asks where it is told to`(environment: [String: String], url: String) throws {
        #expect("\(try CredentialsSource(environment: environment))" == "the EC2 instance's metadata at \(url)")
    }

    @Test(arguments: [
        ("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "both"), ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "nowhere"),
        ("AWS_METADATA_SERVICE_TIMEOUT", "0"), ("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "many"),
    ])
    func `Settings that cannot be are named`(name: String, value: String) {
        let error = #expect(throws: CredentialsError.self) { try CredentialsSource(environment: [name: value]) }
        #expect(error?.description.contains(name) == true)
    }
}
