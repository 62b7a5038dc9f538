import AWSCore
import AWSServices
import Foundation
import HTTPTransport
import Support
import Synchronization

/// Answers calls from a script, and keeps what was asked: for what no server here can be brought to say.
final class ScriptedAWS: Sendable {
    private let state: Mutex<(answers: [HTTPResponse], requests: [HTTPRequest])>
    /// 2027-01-15T08:00:00Z at first, in seconds since 1970.
    private let clock = Mutex(1_800_000_000.0)

    init(_ answers: [HTTPResponse]) { state = Mutex((answers.reversed(), [])) }

    convenience init(json answers: String...) {
        self.init(answers.map { HTTPResponse(status: 200, body: Array($0.utf8)) })
    }

    var requests: [HTTPRequest] { state.withLock { $0.requests } }

    /// The requests' bodies as JSON objects.
    var bodies: [NSDictionary?] {
        requests.map { request in
            // What is no JSON compares unequal to any.
            try? JSONSerialization.jsonObject(with: Data(request.body)) as? NSDictionary
        }
    }

    /// Lets the clients' clock go on by some seconds.
    func wait(_ seconds: Double) { clock.withLock { $0 += seconds } }

    func runtime() throws -> AWSRuntime {
        AWSRuntime(
            http: HTTPClient { [self] request in
                try state.withLock { state in
                    state.requests.append(request)
                    guard let answer = state.answers.popLast() else { throw HTTPTransportError.closed }
                    return answer
                }
            },
            endpoints: try EndpointResolver(environment: [:]),
            sleep: { _ in },
            now: { [self] in clock.withLock { $0 } }
        )
    }

    func client(region: String = "eu-central-1") throws -> AWSClient {
        AWSClient(runtime: try runtime(), region: region, credentials: StaticCredentials(.test))
    }
}

extension Credentials {
    static let test = Credentials(accessKeyID: "test", secretAccessKey: Secret("test"))
}
