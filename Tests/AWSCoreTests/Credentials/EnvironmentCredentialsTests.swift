internal import AWSCore
internal import Support
internal import TestSupport
internal import Testing

@Suite(.timeLimit(.minutes(10))) struct EnvironmentCredentialsTests {
    private let pair = ["AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "hush"]

    private func problem(_ environment: [String: String]) -> CredentialsError? {
        #expect(throws: CredentialsError.self) { try CredentialsSource(environment: environment) }
    }

    @Test func `Gives the keys of the environment, before anything else`() async throws {
        try await StandIn.with(always: .answer(500)) { standIn in
            let others = try standIn.webIdentity().merging(standIn.pod) { $1 }
            let chain = try standIn.chain(
                others.merging(pair) { $1 }.merging(["AWS_SESSION_TOKEN": "quiet", "AWS_PROFILE": "missing"]) { $1 }
            )
            let keys = try await chain.credentials()
            let expected = Credentials(
                accessKeyID: "AKID",
                secretAccessKey: Secret("hush"),
                sessionToken: Secret("quiet")
            )
            #expect(keys == expected)
            await chain.invalidate(keys, .expired)
            #expect(try await chain.credentials() == expected)
            #expect(standIn.server.requests.isEmpty)
            #expect("\(chain.source)" == "the environment (AWS_ACCESS_KEY_ID)")
        }
    }

    @Test(
        arguments: [
            (["AWS_SECRET_ACCESS_KEY": "hush", "AWS_ACCESS_KEY_ID": ""], "AWS_ACCESS_KEY_ID is not"),
            (["AWS_ACCESS_KEY_ID": "AKID"], "AWS_SECRET_ACCESS_KEY is not"),
        ]
    )
    func `Half of a pair is a mistake, and not a reason to look elsewhere`(given: [String: String], text: String) {
        let error = problem(given.merging(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x"]) { $1 })
        #expect(error?.description.contains(text) == true)
        #expect(error?.description.contains("hush") == false)
        #expect(error?.disposition == .permanent)
    }

    @Test func `Keys that have an end are given until then`() async throws {
        try await StandIn.with(always: .answer(500)) { standIn in
            let end = ["AWS_CREDENTIAL_EXPIRATION": "2027-01-15T08:05:00+00:00"]
            let chain = try standIn.chain(pair.merging(end) { $1 })
            #expect(try await chain.credentials().expiration == 1_800_000_300)
            standIn.clock.advance(by: 299)
            #expect(try await chain.credentials().accessKeyID == "AKID")
            standIn.clock.advance(by: 2)
            let error = await failure { _ = try await chain.credentials() }
            #expect(error?.description.contains("2027-01-15T08:05:00Z (AWS_CREDENTIAL_EXPIRATION)") == true)
            #expect(error?.disposition == .permanent)
        }
    }

    @Test func `An end that is no time is a mistake`() {
        let error = problem(pair.merging(["AWS_CREDENTIAL_EXPIRATION": "soon"]) { $1 })
        #expect(error?.description.contains("AWS_CREDENTIAL_EXPIRATION is soon") == true)
    }
}
