import AWSCore
import AWSServices
import EventLoop
import Foundation
import HTTPTransport
import SimulatedAWS
import Support
import TestSupport

@testable import enum SimulatedAWS.JSONValue

/// A simulator on a port of its own, with the product's client before it.
struct LiveSimulator: Sendable {
    let url: String
    let runtime: AWSRuntime
    let sessions: RoleSessions
    private let http: HTTPClient

    static let managementKey = Credentials(
        accessKeyID: "AKIASIMULATORMANAGEMENT",
        secretAccessKey: Secret("simulated-secret")
    )

    /// Serves while `body` runs.
    static func with(
        _ configuration: SimulatorConfiguration = .init(),
        _ body: @escaping @Sendable (LiveSimulator) async throws -> Void
    ) async throws {
        let simulator = Simulator(configuration)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await simulator.run() }
            let url = "http://127.0.0.1:\(try await simulator.port())"
            try await EventLoop.with { loop in
                let transport = try CurlTransport(loop: loop)
                let outcome: Result<Void, any Error>
                do {
                    outcome = .success(try await body(try LiveSimulator(url: url, http: transport.client, loop: loop)))
                } catch {
                    outcome = .failure(error)
                }
                await transport.shutdown()
                try outcome.get()
            }
            group.cancelAll()
        }
    }

    private init(url: String, http: HTTPClient, loop: EventLoop) throws {
        self.url = url
        self.http = http
        runtime = AWSRuntime(
            http: http,
            endpoints: try EndpointResolver(environment: ["AWS_ENDPOINT_URL": url]),
            sleep: { try await loop.sleep(for: $0) },
            now: { Date.now.timeIntervalSince1970 }
        )
        sessions = RoleSessions(
            runtime: runtime,
            source: StaticCredentials(Self.managementKey),
            region: "us-east-1",
            roleName: "ScanfleetMember",
            externalID: nil,
            sessionName: "test"
        )
    }

    /// A client of the management account, or with other keys.
    func client(
        _ credentials: any CredentialsProvider = StaticCredentials(managementKey),
        region: String = "us-east-1"
    ) -> AWSClient {
        AWSClient(runtime: runtime, region: region, credentials: credentials)
    }

    func member(_ account: String, region: String = "us-east-1") async -> AWSClient {
        client(await sessions.provider(for: account), region: region)
    }

    /// Asks a control page.
    func page(_ path: String, method: String = "GET", body: String = "") async throws -> (status: Int, json: JSONValue)
    {
        let answer = try await http.send(HTTPRequest(method: method, url: url + path, body: Array(body.utf8)))
        return (answer.status, answer.body.first == UInt8(ascii: "O") ? "OK" : try JSONValue(reading: answer.body))
    }

    func truth() async throws -> JSONValue { try await page("/_truth").json }
}
