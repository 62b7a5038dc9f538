import EventLoop
import Glibc
import HTTPTransport
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct ConnectionTests {
    @Test func `Requests one after the other share one connection`() async throws {
        try await ScriptedHTTPServer.with(answersOK) { server in
            let url = server.url
            try await withTransport { transport, _ in
                for number in 0..<50 {
                    let request = HTTPRequest(method: number.isMultiple(of: 2) ? "GET" : "POST", url: url)
                    let response = try await transport.client.send(request)
                    #expect(response.status == 200)
                }
            }
            #expect(server.requests.count == 50)
            #expect(server.acceptedConnections == 1)
        }
    }

    @Test func `Sixty-four requests at once are under way at once, and their connections are kept`() async throws {
        let gate = Gate(size: 64)
        let script: ScriptedHTTPServer.Script = { request in
            // Nobody is answered before all have arrived.
            request.target.hasPrefix("/first") ? gate.wait() : ()
            return [.answer(body: request.target)]
        }
        try await ScriptedHTTPServer.with(script) { server in
            let url = server.url
            try await withTransport { transport, _ in
                for round in ["/first", "/second"] {
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for number in 0..<64 {
                            group.addTask {
                                let path = "\(round)/\(number)"
                                let request = HTTPRequest(method: "GET", url: url + path)
                                let response = try await transport.client.send(request)
                                #expect(response.text == path)
                            }
                        }
                        try await group.waitForAll()
                    }
                }
            }
            #expect(server.requests.count == 128)
            #expect(server.acceptedConnections == 64)
        }
    }

    @Test func `No more than the permitted connections are opened, and all requests are served in turn`() async throws {
        let highest = Mutex((now: 0, most: 0))
        let script: ScriptedHTTPServer.Script = { _ in
            highest.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
            return [.pause(.milliseconds(2)), .text(""), .answer()]
        }
        let counted: ScriptedHTTPServer.Script = { request in
            defer { highest.withLock { $0.now -= 1 } }
            return script(request)
        }
        try await ScriptedHTTPServer.with(counted) { server in
            let url = server.url
            let configuration = CurlConfiguration(maximumConnections: 5, maximumConnectionsPerHost: 3)
            try await withTransport(configuration) { transport, _ in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<40 {
                        group.addTask { _ = try await transport.client.send(HTTPRequest(method: "GET", url: url)) }
                    }
                    try await group.waitForAll()
                }
            }
            #expect(server.requests.count == 40)
            #expect(server.acceptedConnections <= 3)
        }
    }

    @Test func `A kept connection that the server has closed meanwhile is replaced without an error`() async throws {
        try await ScriptedHTTPServer.with(closesAfterwards) { server in
            let url = server.url
            try await withTransport { transport, loop in
                for round in 1...5 {
                    let request = HTTPRequest(method: "POST", url: url, body: [1, 2, 3])
                    let response = try await transport.client.send(request)
                    #expect(response.status == 200)
                    try await eventually(loop) { server.openConnections == 0 }
                    #expect(server.acceptedConnections == round)
                }
            }
        }
    }

    @Test func `Requests may come from any thread`() async throws {
        try await ScriptedHTTPServer.with(answersTarget) { server in
            let loop = try EventLoop()
            // The transport ends on the loop, so it goes first.
            do {
                let transport = try CurlTransport(loop: loop)
                let client = transport.client
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<32 {
                        group.addTask {
                            let request = HTTPRequest(method: "GET", url: "\(server.url)/\(number)")
                            let response = try await client.send(request)
                            #expect(response.text == "/\(number)")
                        }
                    }
                    try await group.waitForAll()
                }
                await transport.shutdown()
            }
            loop.shutdown()
        }
    }
}

/// Lets nobody pass before `size` threads wait.
private final class Gate: Sendable {
    private let arrived = Mutex(0)
    private let size: Int

    init(size: Int) { self.size = size }

    func wait() {
        arrived.withLock { $0 += 1 }
        while arrived.withLock({ $0 }) < size { usleep(1000) }
    }
}
