internal import AWSCore
internal import TestSupport
internal import Testing

@Suite(.timeLimit(.minutes(10))) struct ProfileTests {
    /// What is found with two files and further variables; an error's text where there is one.
    private func found(
        _ config: String,
        credentials: String = "",
        _ variables: [String: String] = [:]
    ) async throws -> String {
        try await TemporaryDirectory.with { directory in
            let environment = [
                "AWS_CONFIG_FILE": try directory.write(config, to: "config"),
                "AWS_SHARED_CREDENTIALS_FILE": try directory.write(credentials, to: "credentials"),
                "AWS_EC2_METADATA_DISABLED": "true",
            ]
            do {
                let source = try CredentialsSource(environment: environment.merging(variables) { $1 })
                var text = "\(source)"
                if case .profile(_, let keys) = source { text += ": \(keys.accessKeyID)" }
                return text
            } catch {
                return "error: \(error)"
            }
        }
    }

    private let pair = "aws_access_key_id = A\naws_secret_access_key = hush\n"

    @Test func `Reads keys from either file, those of the credentials file first`() async throws {
        let other = "[default]\naws_access_key_id=B\naws_secret_access_key=hush"
        #expect(try await found("[default]\n\(pair)") == "the keys of profile default: A")
        #expect(try await found("", credentials: other) == "the keys of profile default: B")
        #expect(try await found("[default]\n\(pair)", credentials: other) == "the keys of profile default: B")
    }

    @Test func `Takes the profile that is asked for`() async throws {
        let config =
            "[default]\n\(pair)\n[profile two words]\n[profile \"a b\"]\naws_access_key_id=C\naws_secret_access_key=x"
        #expect(try await found(config, ["AWS_PROFILE": "a b"]) == "the keys of profile a b: C")
        let missing = try await found(config, ["AWS_PROFILE": "none"])
        #expect(missing.hasPrefix("error: AWS_PROFILE is none, but there is no such profile in"))
        #expect(try await found("[plain]\n\(pair)", ["AWS_PROFILE": "plain"]).hasPrefix("error: AWS_PROFILE is plain"))
        #expect(try await found("", credentials: "[plain]\n\(pair)", ["AWS_PROFILE": "plain"]).hasSuffix(": A"))
    }

    @Test func `Understands what people write into these files`() async throws {
        let config = """
            # a comment = here
            [services local]
            s3 =
              endpoint_url = http://localhost

            [profile default]\r
              AWS_ACCESS_KEY_ID=D=\r
              aws_secret_access_key =  hush+/ # ;
            ; another
            s3 =
                max_concurrent_requests = 20
            [default]
            aws_access_key_id = wrong
            aws_secret_access_key = wrong
            """
        #expect(try await found(config) == "the keys of profile default: D=")
    }

    @Test(arguments: [
        ("[default\n", "line 1"), ("\n\nhush hush", "line 3"), ("a = hush", "line 1"), ("[default]\n= hush", "line 2"),
    ])
    func `Names the line that cannot be read, and does not show it`(config: String, line: String) async throws {
        let error = try await found(config)
        #expect(error.hasPrefix("error: ") && error.contains("config, \(line), cannot be read"), "\(error)")
        #expect(!error.contains("hush"))
    }

    @Test func `Half of a pair is a mistake`() async throws {
        let error = try await found("[default]\naws_access_key_id = A")
        #expect(error == "error: profile default has aws_access_key_id, but no aws_secret_access_key")
    }

    @Test(arguments: [
        "sso_session = corp\nsso_account_id = 1\nsso_role_name = r", "sso_start_url = https://x",
        "login_session = arn:x",
    ])
    func `What needs a person names the way out`(settings: String) async throws {
        let error = try await found("[profile dev]\n\(settings)", ["AWS_PROFILE": "dev"])
        #expect(error.hasPrefix("error: profile dev"), "\(error)")
        #expect(error.contains("credential_process = aws configure export-credentials --profile dev"))
    }

    @Test func `A file that may not be read is a mistake, one that is not there is not`() async throws {
        let directory = try await found("", ["AWS_CONFIG_FILE": "/proc"])
        #expect(directory == "error: the file /proc cannot be read: it is a directory")
        let endless = try await found("", ["AWS_CONFIG_FILE": "/dev/zero"])
        #expect(endless == "error: the file /dev/zero cannot be read: it is larger than a megabyte")
        #expect(try await found("", credentials: "[default]\n\(pair)", ["AWS_CONFIG_FILE": "/none"]).hasSuffix(": A"))
    }

    @Test func `Looks into the home directory, also where a path begins with it`() async throws {
        let name = try await TemporaryDirectory.with { directory in
            try directory.write("[default]\n\(pair)", to: "keys")
            let variables = ["HOME": directory.path, "AWS_SHARED_CREDENTIALS_FILE": "~/keys"]
            return "\(try CredentialsSource(environment: variables))"
        }
        #expect(name == "the keys of profile default")
    }

    /// The AWS CLI's order: each line of the table wins over those below it.
    @Test func `Sources are looked for in the order of the AWS CLI`() async throws {
        let role = "role_arn = arn:r\nsource_profile = base\n"
        let base = "[profile base]\n\(pair)"
        let web = ["AWS_WEB_IDENTITY_TOKEN_FILE": "/t", "AWS_ROLE_ARN": "arn:w"]
        let agent = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/c"]
        let both = web.merging(agent) { $1 }
        let keys = "[default]\n\(pair)"
        let process = "credential_process = keys\n"
        #expect(try await found("[default]\n\(role)\(base)", both).hasPrefix("role arn:r of profile default"))
        #expect(try await found(keys, credentials: keys, both).hasPrefix("web identity (role arn:w"))
        #expect(try await found("[default]\n\(process)", credentials: keys, agent).hasPrefix("the keys"))
        #expect(try await found("\(keys)\(process)", agent) == "the credential_process of profile default")
        #expect(try await found(keys, agent).hasPrefix("the keys"))
        #expect(try await found("", agent).hasPrefix("the container's agent"))
    }
}
