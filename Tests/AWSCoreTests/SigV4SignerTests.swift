internal import AWSCore
internal import FoundationEssentials
internal import TestSupport
internal import Testing

@Suite struct SigV4SignerTests {
    @Test(.requiresSharedData) func `Signs every case of AWS' test suite as published`() throws {
        let directory = try #require(SharedData.directory).appending(path: "sigv4")
        let vectors = try SignatureVector.all(below: directory)
        let passed = try vectors.filter(check).count
        print("signature vectors: \(passed) of \(vectors.count) passed, all are applicable")
        #expect(passed == vectors.count)
        #expect(passed >= 34)
    }

    private func check(_ vector: SignatureVector) throws -> Bool {
        let (subject, date) = try vector.subject()
        let signer = SigV4Signer(credentials: SignatureVector.credentials, scope: SignatureVector.scope)
        let canonical = CanonicalRequest(
            method: subject.method,
            path: subject.path,
            style: subject.style,
            query: subject.query,
            headers: subject.headers,
            payloadHash: subject.payloadHash
        )
        let authorization = signer.authorization(for: subject, date: date)
        #expect(canonical.text == vector.canonicalRequest, "\(vector.name)")
        #expect(signer.stringToSign(canonical, date) == vector.stringToSign, "\(vector.name)")
        #expect(authorization == vector.authorization, "\(vector.name)")
        return authorization == vector.authorization
    }

    @Test func `Leaves the path as it is where the service is S3`() {
        let canonical = CanonicalRequest(
            method: "GET",
            path: "/bucket//a/../b%20c/./",
            style: .verbatim,
            query: [],
            headers: [],
            payloadHash: ""
        )
        #expect(canonical.text.split(separator: "\n")[1] == "/bucket//a/../b%20c/./")
    }

    @Test(arguments: [
        (0.0, "19700101T000000Z"),
        (951_782_400.0, "20000229T000000Z"),
        (1_440_938_160.9, "20150830T123600Z"),
        (1_709_251_199.0, "20240229T235959Z"),
        (4_107_542_399.0, "21000228T235959Z"),
    ])
    func `Spells seconds since 1970`(seconds: Double, text: String) {
        #expect(SigningDate(seconds: seconds).text == text)
    }

    @Test func `Reads the date that servers send`() {
        #expect(HTTPDate.seconds("Sun, 06 Nov 1994 08:49:37 GMT") == 784_111_777)
        #expect(HTTPDate.seconds("Thu, 29 Feb 2024 23:59:59 GMT") == 1_709_251_199)
        for text in ["", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 06 Foo 1994 08:49:37 GMT"]
        {
            #expect(HTTPDate.seconds(text) == nil, "\(text)")
        }
    }
}
