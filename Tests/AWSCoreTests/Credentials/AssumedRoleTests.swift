internal import AWSCore
internal import Support
internal import TestSupport
internal import Testing

@Suite(.timeLimit(.minutes(10))) struct AssumedRoleTests {
    private static let base = "[profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = hush\n"

    /// Answers each AssumeRole with keys that are named after the role.
    private static let sts: ScriptedHTTPServer.Script = { request in
        let role = request.form["RoleArn"]?.split(separator: "/").last.map(String.init) ?? "none"
        return [.answer(body: Answer.session(request.form["Action"] ?? "", "KEYS-OF-\(role)"))]
    }

    private func signer(_ request: ScriptedRequest) -> Substring? {
        request.header("Authorization")?.split(separator: "Credential=").last?.prefix { $0 != "/" }
    }

    @Test func `Assumes the role with the keys of the source profile`() async throws {
        try await StandIn.with(Self.sts) { standIn in
            let config = """
                [default]
                role_arn = arn:aws:iam::1:role/top
                source_profile = base
                external_id = secret+id
                role_session_name = auditor
                duration_seconds = 7200
                \(Self.base)
                """
            let chain = try standIn.chain(try standIn.profiles(config))
            #expect(try await chain.credentials().accessKeyID == "KEYS-OF-top")
            let request = try #require(standIn.server.requests.first)
            #expect(signer(request) == "AKIABASE")
            #expect(request.header("Authorization")?.contains("/eu-central-1/sts/") == true)
            #expect(
                request.form == [
                    "Action": "AssumeRole", "Version": "2011-06-15", "RoleArn": "arn:aws:iam::1:role/top",
                    "RoleSessionName": "auditor", "ExternalId": "secret+id", "DurationSeconds": "7200",
                ]
            )
            let text = "role arn:aws:iam::1:role/top of profile default, assumed by the keys of profile base"
            #expect("\(chain.source)" == text)
            #expect(!"\(chain)".contains("hush") && !"\(chain)".contains("secret+id"))
        }
    }

    @Test func `A role that a role assumes has an hour at most`() async throws {
        try await StandIn.with(Self.sts) { standIn in
            let config = """
                [default]
                role_arn = arn:aws:iam::1:role/top
                source_profile = middle
                duration_seconds = 43200
                [profile middle]
                role_arn = arn:aws:iam::1:role/middle
                source_profile = base
                duration_seconds = 43200
                \(Self.base)
                """
            let chain = try standIn.chain(try standIn.profiles(config))
            #expect(try await chain.credentials().accessKeyID == "KEYS-OF-top")
            let requests = standIn.server.requests
            #expect(requests.map(signer) == ["AKIABASE", "KEYS-OF-middle"])
            #expect(requests.map { $0.form["DurationSeconds"] } == ["43200", "3600"])
            #expect(requests.map { $0.form["RoleSessionName"] } == ["scanfleet-test", "scanfleet-test"])
        }
    }

    @Test func `The agent, the instance, the environment or a token may give the keys that assume`() async throws {
        let metadata = Answer.metadata(Answer.document("INSTANCE"))
        let script: ScriptedHTTPServer.Script = { request in
            if request.method == "POST" { return Self.sts(request) }
            return request.target == "/v1/credentials" ? [.answer(body: Answer.document("AGENT"))] : metadata(request)
        }
        try await StandIn.with(script) { standIn in
            let token = try standIn.directory.write("jwt", to: "jwt")
            let web = "web_identity_token_file = \(token)\nrole_arn = arn:aws:iam::1:role/web\nrole_session_name = w"
            let cases = [
                ("credential_source = EcsContainer", "AGENT"), ("credential_source = Ec2InstanceMetadata", "INSTANCE"),
                ("source_profile = web\n[profile web]\n\(web)", "KEYS-OF-web"),
            ]
            for (setting, expected) in cases {
                let config = "[profile x]\nrole_arn = arn:aws:iam::1:role/top\n\(setting)\n"
                var variables = try standIn.profiles(config).merging(standIn.instance) { $1 }.merging(standIn.pod) {
                    $1
                }
                variables["AWS_PROFILE"] = "x"
                #expect(try await standIn.credentials(variables).accessKeyID == "KEYS-OF-top")
                #expect(standIn.server.requests.last.flatMap(signer) == Substring(expected))
            }
        }
    }

    @Test(arguments: [
        ("role_arn = r", "neither source_profile nor credential_source"),
        ("role_arn = r\nsource_profile = none", "no such profile"),
        ("role_arn = r\nsource_profile = base\ncredential_source = Environment", "has both"),
        ("role_arn = r\ncredential_source = Moon", "only Environment"),
        ("role_arn = r\ncredential_source = Environment", "AWS_ACCESS_KEY_ID is not set"),
        ("role_arn = r\ncredential_source = EcsContainer", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is not set"),
        ("role_arn = r\ncredential_source = Ec2InstanceMetadata", "AWS_EC2_METADATA_DISABLED"),
        ("role_arn = r\nsource_profile = base\nmfa_serial = m", "mfa_serial"),
        ("role_arn = r\nsource_profile = base\nduration_seconds = 60", "duration_seconds"),
        ("role_arn = r\nsource_profile = empty\n[profile empty]\nregion = x", "has no credentials"),
        ("role_arn = r\nsource_profile = default", "leads back to profile default"),
        (
            "role_arn = r\nsource_profile = b\n[profile b]\nrole_arn = r\nsource_profile = c\n[profile c]\nrole_arn = r\n"
                + "source_profile = b", "leads back to profile b"
        ),
    ])
    func `A role that cannot be assumed is found before anything is asked`(settings: String, text: String) async throws
    {
        try await StandIn.with(Self.sts) { standIn in
            var variables = try standIn.profiles("[default]\n\(settings)\n\(Self.base)")
            variables["AWS_EC2_METADATA_DISABLED"] = "true"
            let error = await failure { _ = try standIn.chain(variables) }
            #expect(error?.description.contains(text) == true, "\(String(describing: error))")
        }
    }

    @Test func `A profile with keys may be its own source`() async throws {
        try await StandIn.with(Self.sts) { standIn in
            let keys = "aws_access_key_id = SELF\naws_secret_access_key = hush"
            let config = "[default]\nrole_arn = arn:aws:iam::1:role/top\nsource_profile = default\n\(keys)"
            _ = try await standIn.credentials(try standIn.profiles(config))
            #expect(standIn.server.requests.first.flatMap(signer) == "SELF")
        }
    }

    @Test func `A refusal names the role and the reason`() async throws {
        let refusal = Answer.refusal("AccessDenied", "not authorized to perform: sts:AssumeRole")
        try await StandIn.with(always: .answer(403, body: refusal)) { standIn in
            let config = "[default]\nrole_arn = arn:aws:iam::1:role/top\nsource_profile = base\n\(Self.base)"
            let chain = try standIn.chain(try standIn.profiles(config))
            let error = await failure { _ = try await chain.credentials() }
            #expect(error?.description.contains("role arn:aws:iam::1:role/top") == true)
            #expect(error?.description.contains("sts:AssumeRole") == true)
            #expect(error?.disposition == .permanent)
        }
    }
}
