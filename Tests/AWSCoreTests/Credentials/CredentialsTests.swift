internal import AWSCore
internal import Support
internal import Synchronization
internal import Testing

@Suite struct CredentialsTests {
    @Test func `Shows no secret in any description`() throws {
        let keys = Credentials(accessKeyID: "AKID", secretAccessKey: Secret("hush"), sessionToken: Secret("quiet"))
        let scope = SigV4Signer.Scope(region: "us-east-1", service: "ecr")
        let key = SigningKey(secret: keys.secretAccessKey, scope: scope, day: "20150830")
        let values: [Any] = [
            keys, keys.secretAccessKey, StaticCredentials(keys), SigV4Signer(credentials: keys, scope: scope), key,
            try CredentialsSource(environment: ["AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "hush"]),
            try ScriptedService([]).client(StaticCredentials(keys)),
        ]
        for value in values {
            var dumped = ""
            dump(value, to: &dumped)
            for text in ["\(value)", String(reflecting: value), dumped] {
                #expect(!text.contains("hush") && !text.contains("quiet"), "\(type(of: value))")
                #expect(!text.contains("bytes"), "\(type(of: value))")
            }
        }
    }

    @Test func `Derives another key for another day, region or secret`() {
        let keys =
            [("20150830", "us-east-1", "a"), ("20150831", "us-east-1", "a"), ("20150830", "us-west-2", "a")]
            + [("20150830", "us-east-1", "b")]
        let derived = keys.map { day, region, secret in
            SigningKey(secret: Secret(secret), scope: .init(region: region, service: "ecr"), day: day)
        }
        #expect(Set(derived).count == keys.count)
    }

    @Test func `Signs with the key of the credentials at hand, though one is kept`() async throws {
        let loads = Counter()
        let provider = ExpiringCredentials(
            now: { 0 },
            load: { Credentials(accessKeyID: "ID", secretAccessKey: Secret("\(loads.increment())"), expiration: 3600) }
        )
        let service = ScriptedService([{ _ in .json(#"{"names":[]}"#) }])
        let client = try service.client(provider)
        _ = try await client.send(ListThings())
        let keys = try await provider.credentials()
        await provider.invalidate(keys, .expired)
        _ = try await client.send(ListThings())
        _ = try await service.client(provider).send(ListThings())
        let signatures = service.requests.map { $0.header("Authorization") }
        #expect(signatures[0] != signatures[1])
        #expect(signatures[1] == signatures[2])
    }

    @Test func `Signs the next day with that day's key, though one is kept`() async throws {
        let service = ScriptedService([{ _ in .json(#"{"names":[]}"#) }])
        let client = try service.client()
        _ = try await client.send(ListThings())
        service.advance(by: 86400)
        _ = try await client.send(ListThings())
        let fresh = ScriptedService([{ _ in .json(#"{"names":[]}"#) }], now: 1_440_938_160 + 86400)
        _ = try await fresh.client().send(ListThings())
        #expect(service.requests[1].header("Authorization") == fresh.requests[0].header("Authorization"))
        #expect(service.requests[0].header("Authorization") != service.requests[1].header("Authorization"))
    }
}
