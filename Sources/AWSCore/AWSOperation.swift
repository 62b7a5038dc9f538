package import HTTPTransport

/// The part of a request that an operation decides; the client adds endpoint, date, credentials and signature.
package struct AWSRequest: Sendable {
    /// The HTTP method, in upper case.
    package var method: String = "POST"
    /// Already percent-encoded, beginning with a slash.
    package var path: String = "/"
    /// Not yet encoded; sorted when it is signed.
    package var query: [(name: String, value: String)] = []
    /// Signed headers of this request alone, in addition to `constantHeaders`.
    package var headers: [(name: String, value: String)] = []
    /// Headers that the client adds and does not sign.
    var unsignedHeaders: [(name: String, value: String)] = []
    /// The payload, covered by the signature; empty for a GET.
    package var body: [UInt8] = []
    /// Whether to ask for gzip: for large answers that no checksum covers and that are not stored compressed.
    package var acceptsGzip = false

    /// Describes a POST to `/`.
    package init() {}
}

/// One call of one service: the request is the value itself, `Response` its answer.
package protocol AWSOperation: Sendable {
    associatedtype Response: Sendable

    /// The service that serves it.
    static var service: AWSService { get }
    /// AWS' own name for it, such as `DescribeImages`.
    static var name: String { get }
    /// The headers that all its requests have; a client asks once.
    static var constantHeaders: [(name: String, value: String)] { get }
    /// Builds the request; throws when a value cannot be encoded.
    func encode() throws -> AWSRequest
    /// Reads a 2xx answer.
    ///
    /// - Throws: any error, which the client reports as `AWSDecodingError`; `ErrorInSuccessResponse` makes it read the
    ///   body as an error.
    static func decode(_ response: HTTPResponse) throws -> Response
    /// Reads the error code and message of another answer; nil leaves it to the client's general reader.
    static func decodeError(_ response: HTTPResponse) -> (code: String, message: String)?
    /// Whether a repeated request has no second effect, so that it may be sent again though the first may have arrived.
    static var isIdempotent: Bool { get }
    /// Whether the request is signed; false for calls that carry their own proof, such as a web identity token.
    static var isSigned: Bool { get }
    /// Error codes that are a normal answer of this operation, and are never retried as a throttle or a fault.
    static var answerCodes: Set<AWSServiceError.Code> { get }
}

/// The body of a 2xx answer is an error; it counts as one of status 500, as in AWS' SDKs.
package struct ErrorInSuccessResponse: Error {
    /// Marks the answer; the client reads code and message from its body.
    package init() {}
}

extension AWSOperation {
    package static func decodeError(_ response: HTTPResponse) -> (code: String, message: String)? { nil }
    package static var isIdempotent: Bool { true }
    package static var isSigned: Bool { true }
    package static var constantHeaders: [(name: String, value: String)] { [] }
    package static var answerCodes: Set<AWSServiceError.Code> { [] }
}

/// An operation whose answer comes in pages.
package protocol PaginatedOperation: AWSOperation {
    /// The same request for the page that `token` names.
    func following(_ token: String) -> Self
    /// The token of the page after this one; nil after the last.
    static func nextToken(in page: Response) -> String?
}
