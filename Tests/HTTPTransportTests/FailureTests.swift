import EventLoop
import HTTPTransport
import Support
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct FailureTests {
    @Test(
        arguments: [
            [.text("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"), .close],
            [.text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"), .close],
            [.text("HTTP/1.1 200 OK\r\n"), .close],
            [.text("HTTP/1.1 200 OK\r\nContent-Len"), .close],
            [.text("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"), .reset],
            [.text("this is no HTTP at all\r\n\r\n"), .close],
            [.reset],
            [.close],
        ] as [[ScriptedHTTPServer.Step]]
    )
    func `An answer that breaks off is an error that another attempt may mend`(
        steps: [ScriptedHTTPServer.Step]
    ) async throws {
        let error = await #expect(throws: HTTPTransportError.self) { try await exchange(script: { _ in steps }) }
        guard case .connection(let why)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(!why.isEmpty)
        #expect(error?.disposition == .transient)
    }

    @Test func `A port that nobody listens on is a connection error`() async throws {
        let port = try FreePort.next()
        try await withTransport { transport, _ in
            let error = await #expect(throws: HTTPTransportError.self) {
                try await transport.client.send(HTTPRequest(method: "GET", url: "http://127.0.0.1:\(port)/"))
            }
            #expect(error?.disposition == .transient)
        }
    }

    @Test(
        arguments: [
            [.hang],
            [.text("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"), .hang],
        ] as [[ScriptedHTTPServer.Step]]
    )
    func `A server that falls silent runs into the time-out`(steps: [ScriptedHTTPServer.Step]) async throws {
        await #expect(throws: HTTPTransportError.timedOut) {
            try await exchange(script: { _ in steps }, limits: { $0.timeout = .milliseconds(100) })
        }
    }

    @Test func `A server that accepts but does not shake hands runs into the time-out for connecting`() async throws {
        try await ScriptedHTTPServer.with(neverAnswers) { server in
            let url = "https://127.0.0.1:\(server.port)/"
            try await withTransport { transport, _ in
                var request = HTTPRequest(method: "GET", url: url)
                request.connectTimeout = .milliseconds(100)
                request.timeout = .seconds(50)
                let prepared = request
                await #expect(throws: HTTPTransportError.timedOut) { try await transport.client.send(prepared) }
            }
        }
    }

    @Test func `A name that does not exist is an error that another attempt may mend`() async throws {
        try await withTransport { transport, _ in
            let request = HTTPRequest(method: "GET", url: "http://name.invalid/")
            let error = await #expect(throws: HTTPTransportError.self) { try await transport.client.send(request) }
            #expect(error?.disposition == .transient)
        }
    }

    @Test(
        arguments: [
            [.text("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n"), .send(Array(repeating: 1, count: 1001))],
            [.text("HTTP/1.1 200 OK\r\nContent-Length: 900000000000\r\n\r\nx"), .hang],
            [.text("HTTP/1.1 200 OK\r\n\r\n"), .send(Array(repeating: 1, count: 1_000_000)), .close],
        ] as [[ScriptedHTTPServer.Step]]
    )
    func `A body beyond the limit ends the exchange`(steps: [ScriptedHTTPServer.Step]) async throws {
        let error = await #expect(throws: HTTPTransportError.self) {
            try await exchange(script: { _ in steps }, limits: { $0.maximumResponseBytes = 1000 })
        }
        #expect(error == .responseTooLarge(limit: 1000))
        #expect(error?.disposition == .permanent)
    }

    @Test func `A body of exactly the limit is taken`() async throws {
        let body = String(repeating: "x", count: 1000)
        let (response, _) = try await exchange(
            script: { _ in [.answer(body: body)] },
            limits: { $0.maximumResponseBytes = 1000 }
        )
        #expect(response.text == body)
    }

    @Test func `The connection after a failure is a good one`() async throws {
        let script: ScriptedHTTPServer.Script = { $0.target == "/bad" ? [.text("HTTP/1.1 2"), .reset] : [.answer()] }
        try await ScriptedHTTPServer.with(script) { server in
            let url = server.url
            try await withTransport { transport, _ in
                for _ in 0..<5 {
                    await #expect(throws: HTTPTransportError.self) {
                        try await transport.client.send(HTTPRequest(method: "GET", url: url + "/bad"))
                    }
                    let response = try await transport.client.send(HTTPRequest(method: "GET", url: url + "/good"))
                    #expect(response.status == 200)
                }
            }
        }
    }
}
