internal import AWSCore
internal import FoundationEssentials
internal import HTTPTransport
import Support
internal import Testing

/// Errors reach logs, the table and the report; what AWS quotes of a request must not come along.
@Suite struct SecrecyTests {
    private static let token = "IQoJb3JpZ2luX2VjEHush/+=="

    /// What AWS answers to a bad signature.
    private static let quotation = """
        The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key \
        and signing method. Consult the service documentation for details.

        The Canonical String for this request should have been
        'POST
        /

        content-type:application/x-amz-json-1.1
        x-amz-security-token:\(token)
        '

        The String-to-Sign should have been
        'AWS4-HMAC-SHA256'
        """

    private static func client(_ service: ScriptedService) throws -> AWSClient {
        let keys = Credentials(accessKeyID: "ID", secretAccessKey: Secret("s"), sessionToken: Secret(token))
        return try service.client(StaticCredentials(keys))
    }

    private static func answer(_ code: String, _ message: String) throws -> HTTPResponse {
        let body = try JSONEncoder().encode(["__type": code, "message": message])
        return HTTPResponse(status: 403, body: Array(body))
    }

    @Test(arguments: ["InvalidSignatureException", "SignatureDoesNotMatch"])
    func `The canonical string of a bad signature is cut off`(code: String) async throws {
        let answer = try Self.answer(code, Self.quotation)
        let error = await #expect(throws: AWSServiceError.self) {
            try await Self.client(ScriptedService([{ _ in answer }])).send(ListThings())
        }
        #expect(error?.message.hasPrefix("The request signature we calculated does not match") == true)
        #expect(error?.message.hasSuffix("for details.") == true)
        #expect(error.map { "\($0)".contains(Self.token) } == false)
    }

    @Test func `A token that is quoted elsewhere is hidden`() async throws {
        let answer = try Self.answer("ValidationException", "the header '\(Self.token)' is odd")
        let error = await #expect(throws: AWSServiceError.self) {
            try await Self.client(ScriptedService([{ _ in answer }])).send(ListThings())
        }
        #expect(error?.message == "the header '<secret>' is odd")
    }
}
