import AWSCore
import EventLoop
import Foundation
import HTTPTransport
import TestSupport

/// A moto server with our own transport to it.
struct LiveAWS: Sendable {
    let server: MotoServer
    let http: HTTPClient
    let runtime: AWSRuntime

    /// Starts a server and lends it to `body`, which runs on an event loop as the product's tasks do.
    static func with<Result: Sendable>(
        canCheckSignatures: Bool = false,
        _ body: @escaping @Sendable (LiveAWS) async throws -> Result
    ) async throws -> Result {
        try await MotoServer.with(canCheckSignatures: canCheckSignatures) { server in
            let loop = try EventLoop(name: "moto-tests")
            defer { loop.shutdown() }
            return try await withTaskExecutorPreference(loop) {
                let transport = try CurlTransport(loop: loop)
                let outcome: Swift.Result<Result, any Error>
                do {
                    outcome = .success(try await body(try LiveAWS(server: server, http: transport.client, loop: loop)))
                } catch {
                    outcome = .failure(error)
                }
                await transport.shutdown()
                return try outcome.get()
            }
        }
    }

    private init(server: MotoServer, http: HTTPClient, loop: EventLoop) throws {
        self.server = server
        self.http = http
        runtime = AWSRuntime(
            http: http,
            endpoints: try EndpointResolver(environment: ["AWS_ENDPOINT_URL": server.url]),
            sleep: { try await loop.sleep(for: $0) },
            now: { Date.now.timeIntervalSince1970 }
        )
    }

    func client(
        _ credentials: any CredentialsProvider = StaticCredentials(.test),
        region: String = "eu-central-1"
    ) -> AWSClient {
        AWSClient(runtime: runtime, region: region, credentials: credentials)
    }
}
