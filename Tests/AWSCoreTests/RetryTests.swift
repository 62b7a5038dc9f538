internal import AWSCore
internal import HTTPTransport
internal import Support
internal import Testing

@Suite(.timeLimit(.minutes(10))) struct RetryTests {
    /// What a service does, how many requests that makes, and what its caller gets.
    struct Fault: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var script: [ScriptedService.Line]
        var requests: Int
        var code: String?
        var outcomes: [AWSCallRecord.Outcome]

        init(
            _ description: String,
            _ script: [ScriptedService.Line],
            requests: Int,
            code: String? = nil,
            _ outcomes: [AWSCallRecord.Outcome]
        ) {
            testDescription = description
            self.script = script
            self.requests = requests
            self.code = code
            self.outcomes = outcomes
        }
    }

    static let ok: ScriptedService.Line = { _ in .json(#"{"names":["a"]}"#) }

    static func failing(_ status: Int, _ code: String) -> ScriptedService.Line { { _ in .failure(status, code) } }

    static func losing(_ error: HTTPTransportError) -> ScriptedService.Line { { _ in throw error } }

    static func answering(_ status: Int, _ body: String) -> ScriptedService.Line {
        { _ in HTTPResponse(status: status, body: Array(body.utf8)) }
    }

    /// `{"names":["a"]}` as DynamoDB would send it.
    static let whole = HTTPResponse(
        status: 200,
        headers: [("x-amz-crc32", "4073318725")],
        body: Array(#"{"names":["a"]}"#.utf8)
    )

    /// The same text with one letter changed, which is still JSON.
    static let garbled: ScriptedService.Line = { _ in
        var answer = whole
        answer.body[11] = UInt8(ascii: "b")
        return answer
    }

    static let faults: [Fault] = [
        Fault("no fault", [ok], requests: 1, [.ok]),
        Fault("a throttle, then health", [failing(400, "ThrottlingException"), ok], requests: 2, [.throttled, .ok]),
        Fault(
            "throttles for ever",
            [failing(400, "TooManyRequestsException")],
            requests: 3,
            code: "TooManyRequestsException",
            [.throttled, .throttled, .throttled]
        ),
        Fault(
            "a throughput exceeded",
            [failing(400, "ProvisionedThroughputExceededException"), ok],
            requests: 2,
            [.throttled, .ok]
        ),
        Fault("a slow-down with 503", [failing(503, "SlowDown"), ok], requests: 2, [.throttled, .ok]),
        Fault("429 and an unknown code", [failing(429, "Whatever"), ok], requests: 2, [.throttled, .ok]),
        Fault("a fault of the service", [failing(500, "InternalServerError"), ok], requests: 2, [.error, .ok]),
        Fault(
            "faults for ever",
            [failing(500, "ServerException")],
            requests: 3,
            code: "ServerException",
            [.error, .error, .error]
        ),
        Fault(
            "a gateway's page",
            [answering(502, "<html><body>Bad Gateway</body></html>"), ok],
            requests: 2,
            [.error, .ok]
        ),
        Fault("an empty 503", [answering(503, "")], requests: 3, code: "UnreadableBody", [.error, .error, .error]),
        Fault("a time-out named by the service", [failing(400, "RequestTimeout"), ok], requests: 2, [.error, .ok]),
        Fault("a reset", [losing(.connection("reset")), ok], requests: 2, [.transport, .ok]),
        Fault(
            "two time-outs",
            [losing(.timedOut), losing(.timedOut), ok],
            requests: 3,
            [.transport, .transport, .ok]
        ),
        Fault("a body that its checksum belies", [garbled, { _ in whole }], requests: 2, [.error, .ok]),
        Fault("a body that its checksum confirms", [{ _ in whole }], requests: 1, [.ok]),
        Fault("a 200 cut short", [answering(200, #"{"names":["a""#), ok], requests: 2, [.error, .ok]),
        Fault(
            "a denial",
            [failing(400, "AccessDeniedException")],
            requests: 1,
            code: "AccessDeniedException",
            [.error]
        ),
        Fault("a 403 without a code", [answering(403, "")], requests: 1, code: "UnreadableBody", [.error]),
        Fault(
            "an answer that others would call a throttle",
            [failing(400, "LimitExceededException")],
            requests: 1,
            code: "LimitExceededException",
            [.error]
        ),
        Fault("an unknown code", [failing(400, "NewThisYear")], requests: 1, code: "NewThisYear", [.error]),
        Fault("a redirect", [failing(301, "PermanentRedirect")], requests: 1, code: "PermanentRedirect", [.error]),
    ]

    @Test(arguments: faults) func `Sends as often as helps`(fault: Fault) async throws {
        let service = ScriptedService(fault.script)
        let client = try service.client()
        let result = await Result { try await client.send(ListThings()) }
        #expect(service.requests.count == fault.requests)
        #expect(service.records.map(\.outcome) == fault.outcomes)
        #expect(service.records.map(\.attempt) == Array(1...fault.requests))
        #expect(service.sleeps.count == fault.requests - 1)
        switch result {
        case .success(let response): #expect(fault.code == nil && response.names == ["a"])
        case .failure(let error):
            let error = try #require(error as? AWSServiceError)
            #expect(error.code.rawValue == fault.code)
            #expect(error.operation == "ListThings")
        }
    }

    @Test(arguments: [HTTPTransportError.untrustedCertificate("self-signed"), .closed, .invalidRequest("")])
    func `Gives up at once where the transport says it is for good`(error: HTTPTransportError) async throws {
        let service = ScriptedService([Self.losing(error)])
        await #expect(throws: error) { try await service.client().send(ListThings()) }
        #expect(service.requests.count == 1)
    }

    @Test func `Retries the same code where it is no answer`() async throws {
        let service = ScriptedService([Self.failing(400, "LimitExceededException"), { _ in .json(#"{"count":3}"#) }])
        let response = try await service.client().send(CountThings())
        #expect(response.count == 3)
        #expect(service.requests.count == 2)
    }

    @Test(arguments: [
        Fault("a time-out", [losing(.timedOut)], requests: 1, [.transport]),
        Fault("a fault", [failing(500, "InternalServerError")], requests: 1, [.error]),
        Fault("an answer cut short", [answering(200, "{")], requests: 1, [.error]),
        Fault(
            "a throttle",
            [failing(400, "ThrottlingException"), answering(200, "{}")],
            requests: 2,
            [.throttled, .ok]
        ),
    ])
    func `Repeats what must not happen twice only where it has not happened`(fault: Fault) async throws {
        let service = ScriptedService(fault.script)
        _ = await Result { try await service.client().send(AddThing()) }
        #expect(service.requests.count == fault.requests)
        #expect(service.records.map(\.outcome) == fault.outcomes)
    }

    @Test(arguments: [
        ("x-amz-retry-after", "1500", 1500), ("Retry-After", "2", 2000), ("x-amz-retry-after", "86400000", 5000),
        ("x-amz-retry-after", "soon", 0), ("Retry-After", "-1", 0), ("Retry-After", "Fri, 31 Dec 2027 23:59:59 GMT", 0),
    ])
    func `Waits as long as it is asked to, within reason`(name: String, value: String, least: Int) async throws {
        let service = ScriptedService([{ _ in .failure(503, "ServerException", headers: [(name, value)]) }, Self.ok])
        _ = try await service.client().send(ListThings())
        let slept = try #require(service.sleeps.first)
        #expect(slept >= .milliseconds(least))
        #expect(slept <= .milliseconds(max(least, 1000) + 1000))
    }

    @Test func `Tells the caller for how long it was throttled`() async throws {
        let service = ScriptedService([{ _ in .failure(400, "Throttling", headers: [("x-amz-retry-after", "700")]) }])
        let error = await #expect(throws: AWSServiceError.self) { try await service.client().send(ListThings()) }
        #expect(error?.disposition == .throttled(retryAfter: .milliseconds(700)))
    }

    @Test func `Stops retrying when the budget is spent, and earns a unit back with each success`() async throws {
        let answers = Counter()
        let service = ScriptedService([
            { request in
                guard (91...110).contains(answers.increment()) else { throw HTTPTransportError.timedOut }
                return try Self.ok(request)
            }
        ])
        let client = try service.client()
        for _ in 0..<60 { _ = await Result { try await client.send(ListThings()) } }
        // 500 units at 10 a time-out make 50 retries; the 20 successes pay for two more.
        #expect(service.requests.count == 110)
        for _ in 0..<2 { _ = await Result { try await client.send(ListThings()) } }
        #expect(service.requests.count == 114)
    }

    @Test func `Keeps the budget per client`() async throws {
        let service = ScriptedService([Self.losing(.timedOut)])
        let client = try service.client()
        for _ in 0..<40 { _ = await Result { try await client.send(ListThings()) } }
        #expect(service.requests.count == 90)
        let fresh = try service.client()
        _ = await Result { try await fresh.send(ListThings()) }
        #expect(service.requests.count == 93)
    }

    @Test func `Passes the gate before every attempt, and tells it of throttles`() async throws {
        let service = ScriptedService([Self.failing(400, "ThrottlingException"), Self.failing(500, "Oops"), Self.ok])
        let gate = CallLimiter {
            service.note("enter \($0)")
        } throttled: {
            service.note("throttled \($0)")
        }
        _ = try await service.client(gate: gate).send(ListThings())
        #expect(
            service.events == ["enter ListThings", "throttled ListThings", "enter ListThings", "enter ListThings"]
        )
    }

    @Test func `Ends with its task, and counts no attempt that was cancelled`() async throws {
        let service = ScriptedService([{ _ in throw CancellationError() }])
        await #expect(throws: CancellationError.self) { try await service.client().send(ListThings()) }
        #expect(service.requests.count == 1)
        #expect(service.records.isEmpty)
    }

    @Test func `Names service, operation and duration of every attempt`() async throws {
        let service = ScriptedService([Self.ok])
        _ = try await service.client().send(ListThings())
        let record = try #require(service.records.first)
        #expect(record.service == "things")
        #expect(record.operation == "ListThings")
        #expect(record.duration >= .zero)
    }
}

extension Result where Failure == any Error {
    /// What `body` gives or throws.
    init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
