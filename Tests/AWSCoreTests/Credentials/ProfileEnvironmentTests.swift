internal import AWSCore
internal import TestSupport
internal import Testing

@Suite struct ProfileEnvironmentTests {
    private static let config = """
        [default]
        region = eu-north-1
        [profile team]
        region = eu-central-1
        use_fips_endpoint = true
        max_attempts = 7
        retry_mode = standard
        ca_bundle = /etc/team.pem
        services = local
        endpoint_url = http://localhost:1
        [services local]
        sts =
          endpoint_url = http://localhost:2
          other = x
        dynamodb_streams =
            endpoint_url = http://localhost:3
        """

    private func completed(_ variables: [String: String]) async throws -> [String: String] {
        try await TemporaryDirectory.with { directory in
            let files = [
                "AWS_CONFIG_FILE": try directory.write(Self.config, to: "config"),
                "AWS_SHARED_CREDENTIALS_FILE": directory.path + "/none",
            ]
            let environment = try ProfileEnvironment.completing(files.merging(variables) { $1 })
            return environment.filter { files[$0.key] == nil && $0.key != "AWS_PROFILE" }
        }
    }

    @Test func `Takes what the selected profile says`() async throws {
        #expect(try await completed([:]) == ["AWS_REGION": "eu-north-1"])
        #expect(
            try await completed(["AWS_PROFILE": "team"]) == [
                "AWS_REGION": "eu-central-1", "AWS_USE_FIPS_ENDPOINT": "true", "AWS_MAX_ATTEMPTS": "7",
                "AWS_RETRY_MODE": "standard", "AWS_CA_BUNDLE": "/etc/team.pem",
                "AWS_ENDPOINT_URL": "http://localhost:1",
                "AWS_ENDPOINT_URL_STS": "http://localhost:2", "AWS_ENDPOINT_URL_DYNAMODB_STREAMS": "http://localhost:3",
            ]
        )
    }

    @Test func `Variables go before it, and one for all services before the profile's for one`() async throws {
        let given = [
            "AWS_DEFAULT_REGION": "us-west-2", "AWS_ENDPOINT_URL": "http://localhost:9", "AWS_MAX_ATTEMPTS": "2",
            "AWS_CA_BUNDLE": "",
        ]
        #expect(
            try await completed(given.merging(["AWS_PROFILE": "team"]) { $1 }) == [
                "AWS_DEFAULT_REGION": "us-west-2", "AWS_ENDPOINT_URL": "http://localhost:9", "AWS_MAX_ATTEMPTS": "2",
                "AWS_USE_FIPS_ENDPOINT": "true", "AWS_RETRY_MODE": "standard", "AWS_CA_BUNDLE": "/etc/team.pem",
            ]
        )
    }

    @Test func `Names a section that is not there`() async throws {
        try await TemporaryDirectory.with { directory in
            let file = try directory.write("[default]\nservices = gone\n", to: "config")
            let error = #expect(throws: CredentialsError.self) {
                try ProfileEnvironment.completing(["AWS_CONFIG_FILE": file])
            }
            #expect(error?.description == "profile default has services = gone, but there is no such section")
        }
    }
}
