internal import AWSCore
package import FindingStore
internal import HTTPTransport
import Support
internal import Synchronization

/// DynamoDB as a list of answers: each call takes the first one that is meant for it.
package final class ScriptedDynamoDB: Sendable {
    /// A request as it was sent.
    package struct Call {
        package var operation: String
        package var body: String
    }

    private struct State {
        var answers: [(operation: String, response: HTTPResponse)] = []
        var calls: [Call] = []
        var now: Double = 1000
    }

    private let state = Mutex(State())

    /// Begins without answers.
    package init() {}

    /// Every request, in order.
    package var calls: [Call] { state.withLock { $0.calls } }

    /// The bodies of the requests of one operation, in order.
    package func calls(_ operation: String) -> [String] { calls.filter { $0.operation == operation }.map(\.body) }

    /// Answers the next call of `operation` that has no earlier answer.
    package func answer(_ operation: String, _ json: String) {
        let response = HTTPResponse(status: 200, body: Array(json.utf8))
        state.withLock { $0.answers.append((operation, response)) }
    }

    /// Refuses the next call of `operation` that has no earlier answer.
    package func refuse(_ operation: String, _ code: String, status: Int = 400) {
        let body = Array("{\"__type\":\"com.amazonaws.dynamodb#\(code)\",\"message\":\"no\"}".utf8)
        state.withLock { $0.answers.append((operation, HTTPResponse(status: status, body: body))) }
    }

    /// Lets time pass.
    package func advance(_ seconds: Double) { state.withLock { $0.now += seconds } }

    /// A store whose DynamoDB this is.
    package func store() throws -> FindingStore {
        let http = HTTPClient { request in self.respond(to: request) }
        let runtime = AWSRuntime(
            http: http,
            endpoints: try EndpointResolver(environment: ["AWS_ENDPOINT_URL": "http://127.0.0.1:1"]),
            sleep: { _ in },
            now: { self.state.withLock { $0.now } }
        )
        let keys = Credentials(accessKeyID: "id", secretAccessKey: Secret("key"))
        let client = AWSClient(runtime: runtime, region: "eu-west-1", credentials: StaticCredentials(keys))
        return FindingStore(
            client: client,
            table: "t",
            now: { self.state.withLock { $0.now } },
            sleep: { _ in self.advance(0) }
        )
    }

    private func respond(to request: HTTPRequest) -> HTTPResponse {
        let target = request.headers.first { $0.name.lowercased() == "x-amz-target" }?.value ?? ""
        let operation = String(target.split(separator: ".").last ?? "")
        return state.withLock { state in
            state.calls.append(Call(operation: operation, body: String(decoding: request.body, as: UTF8.self)))
            guard let index = state.answers.firstIndex(where: { $0.operation == operation }) else {
                let body = Array(
                    "{\"__type\":\"ValidationException\",\"message\":\"\(operation) is not in the script\"}".utf8
                )
                return HTTPResponse(status: 400, body: body)
            }
            return state.answers.remove(at: index).response
        }
    }
}
