import EventLoop
import HTTPTransport
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct CancellationTests {
    @Test func `A task cancelled before it sends opens no connection`() async throws {
        try await ScriptedHTTPServer.with(answersOK) { server in
            let request = HTTPRequest(method: "GET", url: server.url)
            try await withTransport { transport, loop in
                let task = Task(executorPreference: loop) {
                    withUnsafeCurrentTask { $0?.cancel() }
                    return try await transport.client.send(request)
                }
                await #expect(throws: CancellationError.self) { try await task.value }
                try await loop.sleep(for: .milliseconds(20))
            }
            #expect(server.acceptedConnections == 0)
        }
    }

    @Test func `Callers from everywhere are served: other threads, the loop, and actors of either`() async throws {
        try await ScriptedHTTPServer.with(answersOK) { server in
            let request = HTTPRequest(method: "GET", url: server.url)
            try await withTransport { transport, loop in
                let caller = Caller(client: transport.client)
                let resident = Resident(client: transport.client, loop: loop)
                let sendAll = { @Sendable in
                    [
                        try await transport.client.send(request).text, try await caller.send(request).text,
                        try await resident.send(request).text,
                    ]
                }
                let here = try await sendAll()
                let elsewhere = try await Task.detached { try await sendAll() }.value
                #expect(here == ["ok", "ok", "ok"])
                #expect(elsewhere == here)
            }
        }
    }

    @Test func `A cancelled transfer ends at once, and the server sees its connection close`() async throws {
        try await ScriptedHTTPServer.with(neverAnswers) { server in
            let request = HTTPRequest(method: "GET", url: server.url)
            try await withTransport { transport, loop in
                let task = Task { try await transport.client.send(request) }
                try await eventually(loop) { server.requests.count == 1 }
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
                try await eventually(loop) { server.openConnections == 0 }
            }
        }
    }

    @Test func `Cancelling half of what is in flight leaves the other half alone`() async throws {
        let script: ScriptedHTTPServer.Script = {
            $0.target.hasSuffix("stays") ? [.pause(.milliseconds(150)), .answer(body: "stayed")] : [.hang]
        }
        try await ScriptedHTTPServer.with(script) { server in
            let url = server.url
            try await withTransport { transport, loop in
                let staying = (0..<20).map { number in
                    Task { try await transport.client.send(HTTPRequest(method: "GET", url: "\(url)/\(number)-stays")) }
                }
                let leaving = (0..<20).map { number in
                    Task { try await transport.client.send(HTTPRequest(method: "GET", url: "\(url)/\(number)-leaves")) }
                }
                try await eventually(loop) { server.requests.count == 40 }
                for task in leaving { task.cancel() }
                for task in leaving { await #expect(throws: CancellationError.self) { try await task.value } }
                for task in staying { #expect(try await task.value.text == "stayed") }
            }
        }
    }

    @Test func `A request cancelled while it waits for a connection is never sent`() async throws {
        let script: ScriptedHTTPServer.Script = {
            $0.target == "/first" ? [.pause(.seconds(1)), .answer()] : [.answer()]
        }
        try await ScriptedHTTPServer.with(script) { server in
            let url = server.url
            try await withTransport(CurlConfiguration(maximumConnections: 1)) { transport, loop in
                let first = Task { try await transport.client.send(HTTPRequest(method: "GET", url: url + "/first")) }
                try await eventually(loop) { server.requests.count == 1 }
                let second = Task(executorPreference: loop) {
                    try await transport.client.send(HTTPRequest(method: "GET", url: url + "/second"))
                }
                let third = Task(executorPreference: loop) {
                    try await transport.client.send(HTTPRequest(method: "GET", url: url + "/third"))
                }
                try await loop.sleep(for: .milliseconds(10))
                second.cancel()
                await #expect(throws: CancellationError.self) { try await second.value }
                #expect(try await first.value.status == 200)
                #expect(try await third.value.status == 200)
            }
            #expect(server.requests.map(\.target) == ["/first", "/third"])
        }
    }

    @Test func `Tasks cancelled from other threads, at any moment, all end`() async throws {
        try await ScriptedHTTPServer.with(answersOK) { server in
            let request = HTTPRequest(method: "GET", url: server.url)
            try await withTransport { transport, _ in
                await withTaskExecutorPreference(globalConcurrentExecutor) {
                    await withTaskGroup { group in
                        for number in 0..<300 {
                            group.addTask {
                                let task = Task { try await transport.client.send(request) }
                                for _ in 0..<(number % 30) { await Task.yield() }
                                task.cancel()
                                switch await task.result {
                                case .success(let response): #expect(response.status == 200)
                                case .failure(let error): #expect(error is CancellationError, "\(error)")
                                }
                            }
                        }
                    }
                }
                let response = try await transport.client.send(request)
                #expect(response.status == 200)
            }
        }
    }

    @Test func `A shutdown fails what is in flight, what waits and what comes later`() async throws {
        try await ScriptedHTTPServer.with(neverAnswers) { server in
            let request = HTTPRequest(method: "GET", url: server.url)
            try await withTransport(CurlConfiguration(maximumConnections: 2)) { transport, loop in
                let tasks = (0..<5).map { _ in
                    Task(executorPreference: loop) { try await transport.client.send(request) }
                }
                try await eventually(loop) { server.requests.count == 2 }
                await transport.shutdown()
                for task in tasks { await #expect(throws: HTTPTransportError.closed) { try await task.value } }
                await #expect(throws: HTTPTransportError.closed) { try await transport.client.send(request) }
                try await eventually(loop) { server.openConnections == 0 }
            }
        }
    }

    @Test func `A transport that nobody holds closes its connections`() async throws {
        try await ScriptedHTTPServer.with(answersOK) { server in
            let request = HTTPRequest(method: "GET", url: server.url)
            try await EventLoop.with { loop in
                weak var forgotten: CurlTransport?
                do {
                    let transport = try CurlTransport(loop: loop)
                    forgotten = transport
                    _ = try await transport.client.send(request)
                    #expect(server.openConnections == 1)
                }
                try await eventually(loop) { server.openConnections == 0 }
                #expect(forgotten == nil)
            }
        }
    }
}

private actor Caller {
    private let client: HTTPClient

    init(client: HTTPClient) { self.client = client }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse { try await client.send(request) }
}

private actor Resident {
    private let client: HTTPClient
    private let loop: EventLoop

    init(client: HTTPClient, loop: EventLoop) {
        self.client = client
        self.loop = loop
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse { try await client.send(request) }
}
