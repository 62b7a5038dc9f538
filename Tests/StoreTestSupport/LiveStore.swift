internal import AWSCore
internal import EventLoop
package import FindingStore
internal import Foundation
internal import HTTPTransport
import Support
internal import TestSupport

/// A table of moto's, made by the store itself.
package enum LiveStore {
    /// Starts a server, makes the table and lends the store to `body`, which runs on an event loop as the product does.
    package static func with(
        table: Bool = true,
        _ body: @escaping @Sendable (FindingStore) async throws -> Void
    ) async throws {
        try await MotoServer.with { server in
            let loop = try EventLoop(name: "store-tests")
            defer { loop.shutdown() }
            try await withTaskExecutorPreference(loop) {
                let transport = try CurlTransport(loop: loop)
                let outcome: Result<Void, any Error>
                do {
                    let store = try store(server, transport.client, loop)
                    if table { try await store.createTable() }
                    outcome = .success(try await body(store))
                } catch {
                    outcome = .failure(error)
                }
                await transport.shutdown()
                try outcome.get()
            }
        }
    }

    private static func store(_ server: MotoServer, _ http: HTTPClient, _ loop: EventLoop) throws -> FindingStore {
        let runtime = AWSRuntime(
            http: http,
            endpoints: try EndpointResolver(environment: ["AWS_ENDPOINT_URL": server.url]),
            sleep: { try await loop.sleep(for: $0) },
            now: { Date.now.timeIntervalSince1970 }
        )
        let keys = Credentials(accessKeyID: "id", secretAccessKey: Secret("key"))
        return FindingStore(
            client: AWSClient(runtime: runtime, region: "eu-west-1", credentials: StaticCredentials(keys)),
            table: "scanfleet-test",
            now: { Date.now.timeIntervalSince1970 },
            sleep: { try await loop.sleep(for: $0) }
        )
    }
}
