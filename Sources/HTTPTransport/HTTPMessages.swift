/// One HTTP request, complete in memory.
package struct HTTPRequest: Sendable {
    package var method: String
    /// Absolute and already percent-encoded; sent as it stands, because a signature covers it.
    package var url: String
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    /// How long DNS, connect and the TLS handshake may take together.
    package var connectTimeout: Duration = .seconds(5)
    /// How long the whole exchange may take.
    package var timeout: Duration = .seconds(30)
    /// A longer body ends the exchange with `HTTPTransportError.responseTooLarge`.
    package var maximumResponseBytes: Int = 64 << 20
    /// Whether the server is reached directly though the environment names a proxy, as this machine's own metadata are.
    package var bypassesProxies = false

    /// Whether the answer may come as gzip, which the transport decompresses; the limit counts what comes out, and the
    /// headers that described the compressed body are left out.
    ///
    /// False hands on whatever comes: an object that is stored compressed, or a body that a checksum covers.
    package var acceptsGzip = false

    /// Whether the transport may send it again over a new connection, where a kept one breaks before the answer begins.
    ///
    /// False makes that an error, since the first one may have taken effect; it protects requests that have a body.
    package var isRepeatable: Bool = true

    /// Describes a request with the default limits.
    package init(method: String, url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// One HTTP answer, whatever its status.
package struct HTTPResponse: Sendable {
    package var status: Int
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

    /// All of them, in their order.
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
    /// Compares as ASCII; every answer's headers are looked through several times, so nothing is allocated.
    func equalsIgnoringCase(_ other: String.UTF8View) -> Bool { Self.areEqualIgnoringCase(span, other.span) }

    /// Compares as above.
    static func areEqualIgnoringCase(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        for index in left.indices where lower(left[index]) != lower(right[index]) { return false }
        return true
    }

    /// `allSatisfy` over the bytes where they lie, which is several times as fast as over the collection.
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
    /// Sends one request and answers whatever status came; throws `HTTPTransportError` or `CancellationError`.
    package var send: @Sendable (HTTPRequest) async throws -> HTTPResponse

    /// Wraps a way of sending.
    package init(send: @escaping @Sendable (HTTPRequest) async throws -> HTTPResponse) {
        self.send = send
    }
}
