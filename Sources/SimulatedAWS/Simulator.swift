internal import FlyingFox
internal import FlyingSocks
internal import Foundation
internal import Glibc

/// Plays AWS, and a Hubot, on one port.
package final class Simulator: Sendable {
    private let cloud: Cloud
    private let server: HTTPServer

    /// Builds the organization; nothing is served yet.
    package init(_ configuration: SimulatorConfiguration = .init()) {
        let cloud = Cloud(configuration) { Date().timeIntervalSince1970 }
        self.cloud = cloud
        server = HTTPServer(
            config: HTTPServer.Configuration(
                address: Self.address(configuration),
                // A hanging answer is one that was asked for; it must not be cut short.
                timeout: 600,
                sharedRequestBufferSize: 65_536,
                sharedRequestReplaySize: 1 << 26,
                pool: NoDelaySockets(pool: .ePoll()),
                logger: .disabled
            ),
            handler: Handler(cloud: cloud)
        )
    }

    private static func address(_ configuration: SimulatorConfiguration) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = configuration.port.bigEndian
        address.sin_addr.s_addr = UInt32(configuration.listensEverywhere ? 0 : 0x7F00_0001).bigEndian
        return address
    }

    /// Serves until the task is cancelled.
    package func run() async throws {
        do {
            try await server.run()
        } catch  where Task.isCancelled {
            return
        }
    }

    /// The port, as soon as it is open.
    package func port() async throws -> UInt16 {
        try await server.waitUntilListening()
        guard let address = await server.listeningAddress,
            case .ip4(_, let port) = HTTPRequest.Address.make(from: address)
        else { throw SimulatorError.notListening }
        return port
    }
}

/// What keeps the simulator from serving.
package enum SimulatorError: Error, CustomStringConvertible {
    case notListening

    package var description: String { "the simulator has no open port" }
}

private struct Handler: HTTPHandler {
    let cloud: Cloud

    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
        var headers: [String: String] = [:]
        for header in request.headers { headers[header.key.rawValue.lowercased()] = header.value }
        let answer = await cloud.answer(
            WireRequest(
                method: request.method.rawValue,
                path: request.target.path(),
                query: request.target.query(),
                headers: headers,
                body: Array(try await request.bodyData)
            )
        )
        return HTTPResponse(
            statusCode: HTTPStatusCode(answer.status, phrase: "Simulated"),
            headers: HTTPHeaders(
                Dictionary(uniqueKeysWithValues: answer.headers.map { (HTTPHeader($0.key), $0.value) })
            ),
            body: answer.isCut
                ? HTTPBodySequence(from: CutBody(bytes: answer.body), count: answer.body.count)
                : HTTPBodySequence(data: Data(answer.body), suggestedBufferSize: 1 << 18)
        )
    }
}
