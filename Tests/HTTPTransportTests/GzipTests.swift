import HTTPTransport
import Support
import TestSupport
import Testing

@Suite(.requires("nginx"), .timeLimit(.minutes(10))) struct GzipTests {
    private static let large = String(repeating: "0123456789abcdef", count: 250_000)
    /// `hello, hello, hello`, compressed.
    private static let hello: [UInt8] = [
        31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 203, 72, 205, 201, 201, 215, 81, 200, 64, 162, 0, 159, 161, 202,
        9, 19, 0, 0, 0,
    ]

    @Test func `A body arrives decompressed, without the headers that described it compressed`() async throws {
        try await withServer { server in
            let response = try await send(server.get("/large.txt", acceptsGzip: true))
            #expect(response.text == Self.large)
            #expect(response.header("content-encoding") == nil)
            #expect(response.header("content-type") == "text/plain")
        }
    }

    @Test(arguments: [true, false])
    func `The same bytes are decompressed, or handed on as they came with their headers`(accepts: Bool) async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(Self.hello.count)\r\n\r\n"
        let (response, _) = try await exchange(
            script: { _ in [.text(head), .send(Self.hello)] },
            limits: { $0.acceptsGzip = accepts }
        )
        #expect(response.body == (accepts ? Array("hello, hello, hello".utf8) : Self.hello))
        #expect(response.headers.map(\.name) == (accepts ? [] : ["Content-Encoding", "Content-Length"]))
    }

    @Test func `Gzip is asked for by requests that take it, and by no other, whichever went before`() async throws {
        try await withServer { server in
            let asked = try await withTransport(CurlConfiguration(maximumConnections: 1)) { transport, _ in
                var asked: [String] = []
                for accepts in [true, false, false, true] {
                    asked.append(try await transport.client.send(server.get("/asked", acceptsGzip: accepts)).text)
                }
                return asked
            }
            #expect(asked == ["gzip.", ".", ".", "gzip."])
        }
    }

    @Test func `The limit counts what comes out: a small answer cannot grow beyond it`() async throws {
        try await withServer { server in
            var request = server.get("/large.txt", acceptsGzip: true)
            request.maximumResponseBytes = 1_000_000
            let limited = request
            // On the wire it has some 8 KB.
            await #expect(throws: HTTPTransportError.responseTooLarge(limit: 1_000_000)) { try await send(limited) }
        }
    }

    @Test func `What calls itself gzip and is not may come whole at the next attempt`() async throws {
        let error = await #expect(throws: HTTPTransportError.self) {
            try await exchange(
                script: { _ in [.answer(headers: [("Content-Encoding", "gzip")], body: "no gzip at all")] },
                limits: { $0.acceptsGzip = true }
            )
        }
        #expect(error?.disposition == .transient)
    }

    @Test func `A compressed body that ends early is an error`() async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 40\r\n\r\n"
        let begin: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
        let error = await #expect(throws: HTTPTransportError.self) {
            try await exchange(
                script: { _ in [.text(head), .send(begin), .close] },
                limits: { $0.acceptsGzip = true }
            )
        }
        #expect(error?.disposition == .transient)
    }

    private func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await withTransport { transport, _ in try await transport.client.send(request) }
    }

    private func withServer(_ body: (NginxServer) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            try directory.write(Self.large, to: "large.txt")
            let locations = [
                "gzip on; gzip_types *; gzip_min_length 1000;",
                "location = /asked { return 200 \"$http_accept_encoding.\"; }",
                "types { text/plain txt; }",
            ]
            try await NginxServer.with(in: directory, locations: locations, body)
        }
    }
}

extension NginxServer {
    fileprivate func get(_ path: String, acceptsGzip: Bool) -> HTTPRequest {
        var request = HTTPRequest(method: "GET", url: "http://127.0.0.1:\(port)\(path)")
        request.acceptsGzip = acceptsGzip
        return request
    }
}
