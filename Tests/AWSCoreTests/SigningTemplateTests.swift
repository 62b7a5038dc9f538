internal import AWSCore
internal import HTTPTransport
import Support
internal import Testing

/// From its second call on an operation is signed from a template; the first call of a client takes the general path,
/// which the published vectors and botocore are compared with.
@Suite struct SigningTemplateTests {
    @Test(arguments: UInt64(1)...40)
    func `A later call is signed as it would be as the first one`(seed: UInt64) async throws {
        var generator = SeededGenerator(state: seed)
        let url =
            ["", "http://127.0.0.1:8080", "https://example.com:443/prefix"].randomElement(using: &generator) ?? ""
        let now = Double.random(in: 946_684_800..<4_102_444_800, using: &generator)
        let service = ScriptedService([{ _ in .json("{}") }], now: now)
        let runtime = try service.runtime(environment: ["AWS_ENDPOINT_URL": url])
        let provider = ChangingCredentials(
            (0..<2).map { number in
                Credentials(
                    accessKeyID: "KEY\(number)",
                    secretAccessKey: Secret(generator.text(from: .secret, 1...60)),
                    sessionToken: Bool.random(using: &generator)
                        ? Secret(generator.text(from: .secret, 1...300)) : nil
                )
            }
        )
        let old = AWSClient(runtime: runtime, region: "eu-central-1", credentials: provider)
        for _ in 0..<12 {
            if Int.random(in: 0..<4, using: &generator) == 0 { provider.change() }
            // From seconds to days, so that keys of several days are needed.
            service.advance(by: Double.random(in: 0..<60_000, using: &generator))
            let kind = generator.text(from: .any, 0...60)
            _ = try await old.send(AnyThing(kind: kind))
            let new = AWSClient(runtime: runtime, region: "eu-central-1", credentials: provider)
            _ = try await new.send(AnyThing(kind: kind))
            let sent = service.requests.suffix(2).map(Wire.init)
            #expect(sent.first == sent.last)
        }
    }

    @Test func `Operations of one client do not mix`() async throws {
        let service = ScriptedService([{ _ in .json(#"{"names":[],"count":1}"#) }])
        let client = try service.client()
        for _ in 0..<3 {
            _ = try await client.send(ListThings())
            _ = try await client.send(CountThings())
        }
        let sent = service.requests.map(Wire.init)
        #expect(sent[0] == sent[4] && sent[1] == sent[5])
        #expect(service.requests[4].header("X-Amz-Target") == "Things_V1.ListThings")
        #expect(service.requests[5].header("X-Amz-Target") == "Things_V1.CountThings")
    }
}

/// All that stands on the wire.
private struct Wire: Hashable {
    var url: String
    var method: String
    var headers: [[String]]
    var body: [UInt8]
    var isRepeatable: Bool

    init(_ request: HTTPRequest) {
        url = request.url
        method = request.method
        headers = request.headers.map { [$0.name, $0.value] }
        body = request.body
        isRepeatable = request.isRepeatable
    }
}

private struct AnyThing: AWSJSONOperation, Encodable {
    static let service = ListThings.service
    static let json = ListThings.json

    var kind: String

    static func decode(_ response: HTTPResponse) throws -> Int { response.status }
}
