import HTTPTransport
import Support
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct RequestTests {
    @Test func `A GET carries the headers that were given, Host, and nothing else`() async throws {
        let (response, seen) = try await exchange(headers: [("X-Amz-Date", "20260101T000000Z"), ("x-empty", "")])
        #expect(response.status == 200)
        #expect(response.text == "ok")
        let request = try #require(seen)
        #expect(request.method == "GET")
        #expect(Set(request.headers.map(\.name)) == ["Host", "X-Amz-Date", "x-empty"])
        #expect(request.header("x-amz-date") == "20260101T000000Z")
        #expect(request.header("x-empty") == "")
        #expect(request.header("host")?.hasPrefix("127.0.0.1:") == true)
    }

    @Test func `Headers that libcurl would add by itself are sent where they are given`() async throws {
        let given = [
            (name: "Accept", value: "application/json"), (name: "Content-Type", value: "application/x-amz-json-1.1"),
            (name: "Host", value: "ecr"),
        ]
        let (_, seen) = try await exchange("POST", headers: given, body: [0x7B, 0x7D])
        let request = try #require(seen)
        #expect(request.header("accept") == "application/json")
        #expect(request.header("content-type") == "application/x-amz-json-1.1")
        #expect(request.headers.filter { $0.name.lowercased() == "host" }.map(\.value) == ["ecr"])
    }

    @Test(arguments: ["POST", "PUT", "PATCH"])
    func `A body arrives whole, with its length and no Expect`(method: String) async throws {
        // More than a megabyte, from which on libcurl would ask for a 100 Continue first; every byte value occurs.
        let body = (0..<1_500_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let (_, seen) = try await exchange(method, body: body)
        let request = try #require(seen)
        #expect(request.method == method)
        #expect(request.body == body)
        #expect(Set(request.headers.map(\.name)) == ["Host", "Content-Length"])
        #expect(request.header("content-length") == "1500000")
    }

    @Test(arguments: ["POST", "PUT"])
    func `An empty body is sent as such`(method: String) async throws {
        let (_, seen) = try await exchange(method)
        let request = try #require(seen)
        #expect(request.method == method)
        #expect(request.header("content-length") == "0")
        #expect(request.body.isEmpty)
        #expect(Set(request.headers.map(\.name)) == ["Host", "Content-Length"])
    }

    @Test func `A DELETE has no body unless it is given one`() async throws {
        let bare = try #require(try await exchange("DELETE").seen)
        #expect(bare.method == "DELETE")
        #expect(Set(bare.headers.map(\.name)) == ["Host"])
        let full = try #require(try await exchange("DELETE", body: [1, 2, 3]).seen)
        #expect(full.body == [1, 2, 3])
    }

    @Test func `The caller's Content-Length gives way to the true one`() async throws {
        let (_, seen) = try await exchange("POST", headers: [("content-length", "99")], body: [1, 2])
        #expect(seen?.headers.filter { $0.name.lowercased() == "content-length" }.map(\.value) == ["2"])
    }

    @Test func `A HEAD request does not wait for the body that its answer announces`() async throws {
        let (response, seen) = try await exchange(
            "HEAD",
            script: { _ in [.text("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\nETag: \"x\"\r\n\r\n")] }
        )
        #expect(seen?.method == "HEAD")
        #expect(response.status == 200)
        #expect(response.body.isEmpty)
        #expect(response.header("content-length") == "5000")
    }

    @Test func `A HEAD request with a body is refused`() async throws {
        await #expect(throws: HTTPTransportError.self) { try await exchange("HEAD", body: [1]) }
    }

    @Test(arguments: [
        "/bucket/./a/../b//c", "/a%2fb/%7E%7e/%41", "/key%20with%20blanks?list-type=2&prefix=a%2Fb&empty=",
        "/k?versions", "/repo:tag@sha256", "/a;b=c,d!$&'()*+", "/?Action=GetCallerIdentity&Version=2011-06-15",
    ])
    func `The path and the query are sent as they stand`(path: String) async throws {
        #expect(try await exchange(path: path).seen?.target == path)
    }

    @Test(arguments: ["nonsense", "ftp://127.0.0.1/", "file:///etc/passwd", "http://[::", ""])
    func `A URL that is not HTTP is refused for good`(url: String) async throws {
        try await withTransport { transport, _ in
            let error = await #expect(throws: HTTPTransportError.self) {
                try await transport.client.send(HTTPRequest(method: "GET", url: url))
            }
            #expect(error?.disposition == .permanent, "\(String(describing: error))")
        }
    }

    @Test func `A handle that is used again keeps nothing of the request before`() async throws {
        let script: ScriptedHTTPServer.Script = { [.answer(body: $0.method == "HEAD" ? "" : $0.method)] }
        try await ScriptedHTTPServer.with(script) { server in
            let url = server.url
            let methods = ["PUT", "GET", "HEAD", "GET", "POST", "DELETE", "HEAD", "PUT", "GET"]
            try await withTransport { transport, _ in
                for method in methods {
                    let body = method == "PUT" ? Array("payload".utf8) : []
                    let request = HTTPRequest(method: method, url: url, headers: [("x-\(method)", "1")], body: body)
                    let response = try await transport.client.send(request)
                    #expect(response.text == (method == "HEAD" ? "" : method))
                }
            }
            #expect(server.requests.map(\.method) == methods)
            for request in server.requests {
                #expect(String(decoding: request.body, as: UTF8.self) == (request.method == "PUT" ? "payload" : ""))
                #expect(request.headers.map(\.name).filter { $0.hasPrefix("x-") } == ["x-\(request.method)"])
            }
            #expect(server.acceptedConnections == 1)
        }
    }
}
