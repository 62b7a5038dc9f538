internal import AWSCore
internal import HTTPTransport
internal import Synchronization

/// A service that answers from a script and keeps what it was sent; after the script's end its last line repeats.
final class ScriptedService: Sendable {
    typealias Line = @Sendable (HTTPRequest) throws -> HTTPResponse

    private struct State {
        var requests: [HTTPRequest] = []
        var sleeps: [Duration] = []
        var records: [AWSCallRecord] = []
        var events: [String] = []
        var now: Double
    }

    private let script: [Line]
    private let state: Mutex<State>

    /// Begins at `now` by the client's clock.
    init(_ script: [Line], now: Double = 1_440_938_160) {
        self.script = script
        state = Mutex(State(now: now))
    }

    var requests: [HTTPRequest] { state.withLock { $0.requests } }
    var sleeps: [Duration] { state.withLock { $0.sleeps } }
    var records: [AWSCallRecord] { state.withLock { $0.records } }
    var events: [String] { state.withLock { $0.events } }

    func note(_ event: String) { state.withLock { $0.events.append(event) } }

    func advance(by seconds: Double) { state.withLock { $0.now += seconds } }

    /// A runtime whose sleeps end at once.
    func runtime(environment: [String: String] = [:], retries: RetryPolicy = .standard) throws -> AWSRuntime {
        AWSRuntime(
            http: HTTPClient { try self.answer($0) },
            endpoints: try EndpointResolver(environment: environment),
            retries: retries,
            version: "1.2.3",
            sleep: { duration in
                try Task.checkCancellation()
                self.state.withLock { $0.sleeps.append(duration) }
            },
            now: { self.state.withLock { $0.now } },
            observe: { record in self.state.withLock { $0.records.append(record) } }
        )
    }

    /// A client of `us-east-1`.
    func client(
        _ provider: any CredentialsProvider = StaticCredentials(SignatureVector.credentials),
        gate: CallLimiter = .open
    ) throws -> AWSClient {
        AWSClient(runtime: try runtime(), region: "us-east-1", credentials: provider, gate: gate)
    }

    private func answer(_ request: HTTPRequest) throws -> HTTPResponse {
        let number = state.withLock { state in
            state.requests.append(request)
            return state.requests.count
        }
        return try script[min(number, script.count) - 1](request)
    }
}

extension HTTPResponse {
    /// A 200 with a JSON text.
    static func json(_ text: String) -> HTTPResponse { HTTPResponse(status: 200, body: Array(text.utf8)) }

    /// An error of a JSON service.
    static func failure(
        _ status: Int,
        _ code: String,
        headers: [(name: String, value: String)] = []
    ) -> HTTPResponse {
        HTTPResponse(
            status: status,
            headers: headers + [("x-amzn-RequestId", "request-1")],
            body: Array(#"{"__type":"com.amazonaws.things#\#(code)","message":"what happened"}"#.utf8)
        )
    }
}

extension HTTPRequest {
    /// The first value of a header, its name compared without case.
    func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }
}
