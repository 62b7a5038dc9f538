internal import AWSCore
internal import EventLoop
internal import HTTPTransport
import Support
internal import Synchronization
internal import TestSupport
internal import Testing

/// What a caller sees of each fault on the way, and how many requests that takes, over real connections.
///
/// Each fault strikes once, on a connection that has served a call before, and then the server is well; those that say
/// so last. The table of all is printed.
@Suite(.timeLimit(.minutes(10))) struct FaultTableTests {
    /// One fault, and what is to come of it for a call that may be repeated and for one that may not.
    private struct Fault {
        var name: String
        /// Whether the server did what was asked before the fault.
        var hasEffect = true
        var lasts = false
        var steps: [ScriptedHTTPServer.Step]
        var repeatable: Outcome
        var once: Outcome

        var hangs: Bool { steps.contains { if case .hang = $0 { true } else { false } } }

        /// Whether it meets a request; number 0 is the one that goes well.
        func strikes(_ number: Int) -> Bool { number == 1 || number > 1 && lasts }
    }

    private struct Outcome: Equatable {
        var result: String
        var requests: Int
    }

    private static let ok = #"{"names":["a"]}"#
    private static let html = "<html><head><title>Sorry</title></head><body>Down</body></html>"
    private static let twice = Outcome(result: "answer", requests: 2)
    private static let fine = Outcome(result: "answer", requests: 1)

    private static func failing(_ result: String, after requests: Int) -> Outcome {
        Outcome(result: result, requests: requests)
    }

    private static func error(
        _ status: Int,
        _ code: String,
        _ headers: [(name: String, value: String)] = []
    )
        -> [ScriptedHTTPServer.Step]
    {
        [.answer(status, headers: headers, body: #"{"__type":"\#(code)","message":"why"}"#)]
    }

    private static let faults = [
        Fault(name: "none", steps: [.answer(body: ok)], repeatable: fine, once: fine),
        Fault(
            name: "reset before it took effect",
            hasEffect: false,
            steps: [.reset],
            repeatable: twice,
            once: failing("connection", after: 1)
        ),
        Fault(
            name: "reset after it took effect",
            steps: [.reset],
            repeatable: twice,
            once: failing("connection", after: 1)
        ),
        Fault(
            name: "closed without a word",
            steps: [.close],
            repeatable: twice,
            once: failing("connection", after: 1)
        ),
        Fault(
            name: "reset for ever",
            lasts: true,
            steps: [.reset],
            // Three attempts, and one more request by libcurl itself, whose kept connection broke.
            repeatable: failing("connection", after: 4),
            once: failing("connection", after: 1)
        ),
        Fault(
            name: "reset among the headers",
            steps: [.text("HTTP/1.1 200 OK\r\nContent-Le"), .reset],
            repeatable: twice,
            once: failing("connection", after: 1)
        ),
        Fault(
            name: "body cut short",
            steps: [.text("HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"names\":"), .close],
            repeatable: twice,
            once: failing("connection", after: 1)
        ),
        Fault(name: "hang", steps: [.hang], repeatable: twice, once: failing("time-out", after: 1)),
        Fault(
            name: "hang for ever",
            lasts: true,
            steps: [.hang],
            repeatable: failing("time-out", after: 3),
            once: failing("time-out", after: 1)
        ),
        Fault(
            name: "hang within the body",
            steps: [.text("HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"names\":"), .hang],
            repeatable: twice,
            once: failing("time-out", after: 1)
        ),
        Fault(
            name: "malformed JSON",
            steps: [.answer(body: #"{"names":["a"}"#)],
            repeatable: twice,
            once: failing("unreadable", after: 1)
        ),
        Fault(
            name: "malformed JSON for ever",
            lasts: true,
            steps: [.answer(body: #"{"names":["a"}"#)],
            repeatable: failing("unreadable", after: 3),
            once: failing("unreadable", after: 1)
        ),
        Fault(
            name: "checksum that differs",
            steps: [.answer(headers: [("x-amz-crc32", "1")], body: ok)],
            repeatable: twice,
            once: failing("unreadable", after: 1)
        ),
        Fault(
            name: "HTML page, status 200",
            steps: [.answer(body: html)],
            repeatable: twice,
            once: failing("unreadable", after: 1)
        ),
        Fault(
            name: "HTML page, status 503",
            steps: [.answer(503, body: html)],
            repeatable: twice,
            once: failing("503 UnreadableBody", after: 1)
        ),
        Fault(
            name: "HTML page, status 403",
            hasEffect: false,
            steps: [.answer(403, body: html)],
            repeatable: failing("403 UnreadableBody", after: 1),
            once: failing("403 UnreadableBody", after: 1)
        ),
        Fault(
            name: "fault of the service",
            steps: error(500, "InternalServerError"),
            repeatable: twice,
            once: failing("500 InternalServerError", after: 1)
        ),
        Fault(
            name: "throttle",
            hasEffect: false,
            steps: error(400, "ThrottlingException"),
            repeatable: twice,
            once: twice
        ),
        Fault(
            name: "throttle for ever",
            hasEffect: false,
            lasts: true,
            steps: error(400, "ThrottlingException"),
            repeatable: failing("400 ThrottlingException", after: 3),
            once: failing("400 ThrottlingException", after: 3)
        ),
        Fault(
            name: "code that is an answer here only",
            hasEffect: false,
            steps: error(400, "LimitExceededException"),
            repeatable: failing("400 LimitExceededException", after: 1),
            once: twice
        ),
        Fault(
            name: "our clock is an hour slow",
            hasEffect: false,
            steps: error(403, "RequestTimeTooSkewed", [("Date", "Sun, 30 Aug 2015 13:36:00 GMT")]),
            repeatable: twice,
            once: twice
        ),
        Fault(
            name: "expired token, renewed",
            hasEffect: false,
            steps: error(400, "ExpiredTokenException"),
            repeatable: twice,
            once: twice
        ),
        Fault(
            name: "denial",
            hasEffect: false,
            steps: error(400, "AccessDeniedException"),
            repeatable: failing("400 AccessDeniedException", after: 1),
            once: failing("400 AccessDeniedException", after: 1)
        ),
    ]

    @Test func `Each fault has its outcome, and nothing happens twice that must not`() async throws {
        var table = [
            "fault".padded(34) + " | may be repeated: sees, requests".padded(39) + " | may not: sees, requests, effects"
        ]
        for fault in Self.faults {
            let repeatable = try await play(fault, ListThings())
            let once = try await play(fault, AddThing())
            #expect(repeatable.outcome == fault.repeatable, "\(fault.name)")
            #expect(once.outcome == fault.once, "\(fault.name), not to be repeated")
            #expect(once.effects <= 1, "\(fault.name)")
            table.append(
                fault.name.padded(34) + " | " + repeatable.outcome.result.padded(32)
                    + " \(repeatable.outcome.requests)".padded(4) + " | " + once.outcome.result.padded(26)
                    + " \(once.outcome.requests), \(once.effects)"
            )
        }
        print(table.joined(separator: "\n"))
    }

    /// Makes a call that goes well and then the one that meets the fault; counts the second one's requests.
    private func play<O: AWSOperation>(_ fault: Fault, _ call: O) async throws -> (outcome: Outcome, effects: Int) {
        let requests = Mutex(0)
        let effects = Mutex(0)
        let script: ScriptedHTTPServer.Script = { request in
            let number = requests.withLock { count in
                count += 1
                return count - 1
            }
            let isStruck = fault.strikes(number)
            if number > 0 && (!isStruck || fault.hasEffect) { effects.withLock { $0 += 1 } }
            return isStruck ? fault.steps : [.answer(body: Self.ok)]
        }
        return try await ScriptedHTTPServer.with(script) { server in
            let url = server.url
            let result = try await EventLoop.with { loop in
                let transport = try CurlTransport(loop: loop)
                let sent = Counter()
                let client = try Self.client(url) { request in
                    var request = request
                    // Only what hangs is worth impatience: on a busy machine a good answer may take as long.
                    let isVain = fault.strikes(sent.increment() - 1) && fault.hangs
                    request.timeout = isVain ? .seconds(1) : .seconds(20)
                    return try await transport.client.send(request)
                }
                _ = try await client.send(call)
                let result = await Result { try await client.send(call) }
                await transport.shutdown()
                return Self.word(for: result)
            }
            return (Outcome(result: result, requests: requests.withLock { $0 } - 1), effects.withLock { $0 })
        }
    }

    private static func client(
        _ url: String,
        sending: @escaping @Sendable (HTTPRequest) async throws -> HTTPResponse
    ) throws -> AWSClient {
        let runtime = AWSRuntime(
            http: HTTPClient(send: sending),
            endpoints: try EndpointResolver(environment: ["AWS_ENDPOINT_URL": url]),
            sleep: { _ in },
            now: { 1_440_938_160 }
        )
        let sessions = Counter()
        let provider = ExpiringCredentials(
            now: { 0 },
            load: {
                Credentials(
                    accessKeyID: "ID",
                    secretAccessKey: Secret("secret"),
                    sessionToken: Secret("session \(sessions.increment())"),
                    expiration: 3600
                )
            }
        )
        return AWSClient(runtime: runtime, region: "us-east-1", credentials: provider)
    }

    private static func word(for result: Result<some Sendable, any Error>) -> String {
        switch result {
        case .success: return "answer"
        case .failure(let error as AWSServiceError): return "\(error.status) \(error.code.rawValue)"
        case .failure(is AWSDecodingError): return "unreadable"
        case .failure(HTTPTransportError.timedOut): return "time-out"
        case .failure(HTTPTransportError.connection): return "connection"
        case .failure(let error): return "\(error)"
        }
    }
}

extension String {
    fileprivate func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
