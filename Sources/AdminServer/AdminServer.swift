internal import FlyingFox
internal import FlyingSocks
internal import Foundation

/// `/metrics`, `/healthz`, `/readyz` and `/v1/queue` over plain HTTP, for the pod's own network.
package struct AdminServer: Sendable {
    private let server: HTTPServer

    /// Prepares a server; nothing listens before `run`.
    ///
    /// - Throws: when the host is not a numeric address.
    package init(address: ListenAddress, pages: AdminPages) async throws {
        let configuration =
            if address.isIPv6 {
                HTTPServer.Configuration(address: try .inet6(ip6: address.host, port: address.port), logger: .disabled)
            } else {
                HTTPServer.Configuration(address: try .inet(ip4: address.host, port: address.port), logger: .disabled)
            }
        server = HTTPServer(config: configuration)
        await Self.addRoutes(to: server, pages)
    }

    /// Serves until the task is cancelled.
    ///
    /// - Throws: when the address cannot be bound.
    package func run() async throws {
        do {
            try await server.run()
        } catch  where Task.isCancelled {
            // Closing the listening socket during `accept` gives various errors; after a cancellation all are expected.
            return
        }
    }

    private static func addRoutes(to server: HTTPServer, _ pages: AdminPages) async {
        await server.appendRoute("GET /healthz") { _ in answer(.ok, "ok\n") }
        await server.appendRoute("GET /readyz") { _ in
            switch await pages.readiness() {
            case .ready: answer(.ok, "ready\n")
            case .notReady(let reason): answer(.serviceUnavailable, reason + "\n")
            }
        }
        await server.appendRoute("GET /metrics") { _ in
            answer(.ok, await pages.metrics(), type: "text/plain; version=0.0.4; charset=utf-8")
        }
        guard let queue = pages.queue else { return }
        await server.appendRoute("GET /v1/queue") { _ in
            do {
                return HTTPResponse(
                    statusCode: .ok,
                    headers: [.contentType: "application/json"],
                    body: Data(try await queue())
                )
            } catch {
                return answer(.serviceUnavailable, "\(error)\n")
            }
        }
    }

    private static func answer(
        _ status: HTTPStatusCode,
        _ text: String,
        type: String = "text/plain; charset=utf-8"
    ) -> HTTPResponse {
        HTTPResponse(statusCode: status, headers: [.contentType: type], body: Data(text.utf8))
    }
}
