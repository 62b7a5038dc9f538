import EventLoop
import HTTPTransport
import TestSupport

/// Runs `body` on a loop with a transport of its own.
func withTransport<Result: Sendable>(
    _ configuration: CurlConfiguration = CurlConfiguration(),
    _ body: @escaping @Sendable (CurlTransport, EventLoop) async throws -> Result
) async throws -> Result {
    try await EventLoop.with { loop in
        let transport = try CurlTransport(loop: loop, configuration: configuration)
        let outcome: Swift.Result<Result, any Error>
        do {
            outcome = .success(try await body(transport, loop))
        } catch {
            outcome = .failure(error)
        }
        await transport.shutdown()
        return try outcome.get()
    }
}

/// Sends one request to a server that runs one script, and answers what came and what the server saw.
func exchange(
    _ method: String = "GET",
    path: String = "/",
    headers: [(name: String, value: String)] = [],
    body: [UInt8] = [],
    script: @escaping ScriptedHTTPServer.Script = answersOK,
    limits: @escaping @Sendable (inout HTTPRequest) -> Void = { _ in }
) async throws -> (response: HTTPResponse, seen: ScriptedRequest?) {
    try await ScriptedHTTPServer.with(script) { server in
        var prepared = HTTPRequest(method: method, url: server.url + path, headers: headers, body: body)
        limits(&prepared)
        let request = prepared
        let response = try await withTransport { transport, _ in try await transport.client.send(request) }
        return (response, server.requests.first)
    }
}

/// Answers everything with `ok`.
let answersOK: ScriptedHTTPServer.Script = { _ in [.answer(body: "ok")] }

/// Answers with the path that was asked for.
let answersTarget: ScriptedHTTPServer.Script = { [.answer(body: $0.target)] }

/// Reads requests and never says a word.
let neverAnswers: ScriptedHTTPServer.Script = { _ in [.hang] }

/// Closes the connection after each answer, without a warning.
let closesAfterwards: ScriptedHTTPServer.Script = { _ in [.answer(), .close] }

extension HTTPResponse {
    var text: String { String(decoding: body, as: UTF8.self) }
}

/// Waits until a condition holds that another thread brings about; the suite's time limit bounds it.
func eventually(_ loop: EventLoop, _ condition: () -> Bool) async throws {
    while !condition() { try await loop.sleep(for: .milliseconds(2)) }
}
