import Testing

@testable import HTTPTransport

@Suite struct ValidationTests {
    @Test(arguments: [
        ("https://ecr.eu-west-1.amazonaws.com/", "https://ecr.eu-west-1.amazonaws.com"),
        ("http://127.0.0.1:4566/bucket/key?x=/", "http://127.0.0.1:4566"),
        ("http://host", "http://host"),
        ("http://host?query", "http://host"),
        ("nonsense", "nonsense"),
    ])
    func `The origin is the scheme, host and port`(url: String, origin: String) {
        #expect(HTTPRequest(method: "GET", url: url).origin == origin)
    }

    @Test(arguments: ["line\r\nbreak: 1", "line\nbreak", "carriage\rreturn", "nul\0"])
    func `A header that would become another one is refused`(value: String) {
        let request = HTTPRequest(method: "GET", url: "http://host/", headers: [("name", value)])
        #expect(throws: HTTPTransportError.self) { try request.validate() }
    }

    @Test(arguments: ["", "two words", "colon:", "line\r\n", "umläut"])
    func `A header's name must be a token`(name: String) {
        let request = HTTPRequest(method: "GET", url: "http://host/", headers: [(name, "value")])
        #expect(throws: HTTPTransportError.self) { try request.validate() }
    }

    @Test(arguments: ["http://host/a b", "http://host/\r\nx", "http://host/\0"])
    func `A URL must be percent-encoded`(url: String) {
        #expect(throws: HTTPTransportError.self) { try HTTPRequest(method: "GET", url: url).validate() }
    }

    @Test func `What AWS clients send is valid`() throws {
        let headers = [
            (name: "x-amz-content-sha256", value: "UNSIGNED-PAYLOAD"),
            (name: "x-amz-meta-empty", value: ""),
            (name: "If-None-Match", value: "*"),
            (name: "x-amz-meta-name", value: "größer"),
        ]
        try HTTPRequest(method: "PUT", url: "https://s3/b/k%20e%C3%BC?x-id=PutObject", headers: headers).validate()
    }
}
