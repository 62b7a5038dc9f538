/// One HTTP request, complete in memory.
package struct HTTPRequest: Sendable {
    /// The method, in upper case; any RFC 9110 token is accepted.
    package var method: String
    /// Absolute and already percent-encoded; sent unchanged, because a signature covers it.
    package var url: String
    /// Sent in this order; `Content-Length` is ignored, because libcurl counts the body.
    package var headers: [(name: String, value: String)]
    /// The whole payload, sent as it is; a HEAD request must have none.
    package var body: [UInt8]
    /// The limit for DNS, connect and TLS handshake together.
    package var connectTimeout: Duration = .seconds(5)
    /// The limit for the whole exchange, from the start of the transfer.
    package var timeout: Duration = .seconds(30)
    /// A longer body ends the exchange with `HTTPTransportError.responseTooLarge`.
    package var maximumResponseBytes: Int = 64 << 20
    /// Whether to ignore the environment's proxy, as for the metadata service of this machine.
    package var bypassesProxies = false

    /// Whether to ask for gzip, which the transport decompresses.
    ///
    /// `maximumResponseBytes` then counts decompressed bytes, and the headers that describe the compressed body are
    /// removed. With false the body stays unchanged: for an object stored compressed, or a body that a checksum covers.
    package var acceptsGzip = false

    /// Whether the transport may repeat the request when a reused connection breaks before the answer begins.
    ///
    /// False makes that an error, because the first request may have taken effect; it protects requests with a body.
    package var isRepeatable: Bool = true

    /// Describes a request with the default limits.
    package init(method: String, url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// One HTTP answer of any status.
package struct HTTPResponse: Sendable {
    /// The status code; 4xx, 5xx and redirects are answers too, not errors.
    package var status: Int
    /// The whole body, decompressed where the request's `acceptsGzip` is set.
    package var body: [UInt8]
    private let head: Head

    private enum Head {
        case given([(name: String, value: String)])
        case received(HTTPHead)
    }

    /// Describes an answer.
    package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.body = body
        head = .given(headers)
    }

    init(status: Int, head: HTTPHead, body: [UInt8]) {
        self.status = status
        self.body = body
        self.head = .received(head)
    }

    /// All headers, in the order in which they came.
    package var headers: [(name: String, value: String)] {
        switch head {
        case .given(let headers): headers
        case .received(let head): head.headers
        }
    }

    /// The first value of a header, its name compared without case.
    package func header(_ name: String) -> String? {
        switch head {
        case .given(let headers): headers.first { $0.name.utf8.equalsIgnoringCase(name.utf8) }?.value
        case .received(let head): head.value(of: name)
        }
    }
}

extension String.UTF8View {
    /// Compares as ASCII, without allocating, because every answer's headers are searched several times.
    func equalsIgnoringCase(_ other: String.UTF8View) -> Bool { Self.areEqualIgnoringCase(span, other.span) }

    /// Compares as above.
    static func areEqualIgnoringCase(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        for index in left.indices where lower(left[index]) != lower(right[index]) { return false }
        return true
    }

    /// `allSatisfy` over the bytes in place, several times as fast as over the collection.
    func allBytes(_ isGood: (UInt8) -> Bool) -> Bool {
        let bytes = span
        for index in bytes.indices where !isGood(bytes[index]) { return false }
        return true
    }

    /// Compares as above, with a `start` in lower case.
    func startsIgnoringCase(with start: String) -> Bool {
        count >= start.utf8.count && zip(self, start.utf8).allSatisfy { Self.lower($0) == $1 }
    }

    private static func lower(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }
}

/// Sends requests; libcurl's is `CurlTransport.client`, and a test may put a closure in its place.
package struct HTTPClient: Sendable {
    /// Sends one request and returns the answer of any status; throws `HTTPTransportError` or `CancellationError`.
    package var send: @Sendable (HTTPRequest) async throws -> HTTPResponse

    /// Wraps a function that sends.
    package init(send: @escaping @Sendable (HTTPRequest) async throws -> HTTPResponse) {
        self.send = send
    }
}
