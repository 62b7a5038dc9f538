internal import AWSCore
internal import FoundationEssentials
internal import HTTPTransport
import Support
internal import TestSupport
internal import Testing

/// Compares what `AWSClient` sends with what botocore would sign.
@Suite(.requiresBotocore, .timeLimit(.minutes(10))) struct BotocoreTests {
    /// 600, or as many as SCANFLEET_SIGNATURES says, in rounds of their own seeds.
    private static let rounds: [UInt64] = {
        let wanted = ProcessInfo.processInfo.environment["SCANFLEET_SIGNATURES"].flatMap(Int.init) ?? 600
        return (1...UInt64(max(1, (wanted + perRound - 1) / perRound))).map { $0 }
    }()
    private static let perRound = 200

    @Test(arguments: rounds) func `Signs random requests as botocore does`(seed: UInt64) async throws {
        var generator = SeededGenerator(state: seed)
        var cases: [Comparison] = []
        for index in 0..<Self.perRound {
            cases.append(try await Comparison(isStorage: index % 3 == 0, using: &generator))
        }
        let expected = try await authorizations(for: cases)
        #expect(expected.count == cases.count)
        for (comparison, expected) in zip(cases, expected) {
            #expect(
                comparison.authorization == expected,
                "\(comparison.method) \(comparison.url) \(comparison.headers)"
            )
        }
    }

    private func authorizations(for cases: [Comparison]) async throws -> [String] {
        let lines = try cases.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
        return try await TemporaryDirectory.with { directory in
            let file = try directory.write(lines.joined(separator: "\n"), to: "cases")
            return try await Botocore.output(of: "botocore-sign.py", file).split(separator: "\n").map(String.init)
        }
    }
}

/// One request that the client signed, without what signing adds.
private struct Comparison: Encodable {
    var method: String
    var url: String
    var headers: [[String]]
    var body: String
    var secret: String
    var token: String?
    var date: String
    var service: String
    var region: String
    var authorization: String

    private static let added: Set<String> = [
        "host", "authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256", "user-agent",
    ]

    init(isStorage: Bool, using generator: inout SeededGenerator) async throws {
        let request = AWSRequest(using: &generator)
        let secret = generator.text(from: .secret, 1...60)
        let token = Bool.random(using: &generator) ? generator.text(from: .secret, 1...300) : nil
        let region =
            ["us-east-1", "eu-central-1", "cn-north-1", "us-gov-west-1"].randomElement(using: &generator) ?? ""
        let endpoint =
            [nil, "http://127.0.0.1:8080", "https://example.com:443", "http://example.com:80/prefix", "HTTPS://h"]
            .randomElement(using: &generator) ?? nil
        let service = ScriptedService(
            [{ _ in HTTPResponse(status: 200) }],
            now: Double.random(in: 946_684_800..<4_102_444_800, using: &generator)
        )
        let client = AWSClient(
            runtime: try service.runtime(environment: endpoint.map { ["AWS_ENDPOINT_URL": $0] } ?? [:]),
            region: region,
            credentials: StaticCredentials(
                Credentials(
                    accessKeyID: "AKIDEXAMPLE",
                    secretAccessKey: Secret(secret),
                    sessionToken: token.map(Secret.init)
                )
            )
        )
        if isStorage {
            _ = try await client.send(AnyStorageCall(request: request))
        } else {
            _ = try await client.send(AnyCall(request: request))
        }
        let sent = try #require(service.requests.first)
        self.method = sent.method
        self.url = sent.url
        self.headers = sent.headers.filter { !Self.added.contains($0.name.lowercased()) }.map { [$0.name, $0.value] }
        self.body = String(decoding: sent.body, as: UTF8.self)
        self.secret = secret
        self.token = token
        self.date = try #require(sent.header("X-Amz-Date"))
        self.service = isStorage ? "s3" : "any"
        self.region = region
        self.authorization = try #require(sent.header("Authorization"))
    }
}

extension AWSRequest {
    fileprivate init(using generator: inout SeededGenerator) {
        self.init()
        method = ["GET", "POST", "PUT", "DELETE", "HEAD"].randomElement(using: &generator) ?? "GET"
        for _ in 0..<Int.random(in: 0...4, using: &generator) {
            let odd = ["", ".", "..", "%2F", "a%20b", "x"].randomElement(using: &generator) ?? ""
            path += Bool.random(using: &generator) ? odd : PercentEncoding.encode(generator.text(from: .any, 0...8))
            if Bool.random(using: &generator) { path += "/" }
        }
        for _ in 0..<Int.random(in: 0...4, using: &generator) {
            // Few names, so that equal ones come up.
            let name = Bool.random(using: &generator) ? "key" : generator.text(from: .any, 0...4)
            query.append((name, generator.text(from: .any, 0...6)))
        }
        for _ in 0..<Int.random(in: 0...4, using: &generator) {
            let name = ["X-Amz-Target", "Content-Type", "x-one", "X-One"].randomElement(using: &generator) ?? ""
            headers.append((name, generator.text(from: .header, 0...12)))
        }
        if Bool.random(using: &generator) { body = Array(generator.text(from: .any, 0...40).utf8) }
    }
}
