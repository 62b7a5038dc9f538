internal import AWSCore
internal import AWSServices
internal import EventLoop
internal import Glibc
internal import HTTPTransport
internal import Support

/// Sends one ECR operation repeatedly, as a worker does: signs it, checks the answer and decodes it into values.
package struct CallBenchmark: Sendable {
    /// The URL of a server that answers every POST with findings.
    package var endpoint: String
    /// How many calls are in flight at any time.
    package var inFlight: Int
    /// How many calls are measured, after unmeasured ones that open every connection.
    package var calls: Int

    /// Describes one measurement.
    package init(endpoint: String, inFlight: Int, calls: Int) {
        self.endpoint = endpoint
        self.inFlight = inFlight
        self.calls = calls
    }

    /// Makes the calls on their own event loop.
    ///
    /// - Throws: the error of a call; none is expected.
    package func run() async throws -> Usage {
        let loop = try EventLoop()
        let transport = try CurlTransport(loop: loop)
        let client = try client(over: transport, on: loop)
        let usage = try await withTaskExecutorPreference(loop) {
            try await send(2 * inFlight, over: client)
            let usage = try await Usage.measure(calls) { try await send(calls, over: client) }
            await transport.shutdown()
            return usage
        }
        loop.shutdown()
        return usage
    }

    private func client(over transport: CurlTransport, on loop: EventLoop) throws -> AWSClient {
        let runtime = AWSRuntime(
            http: transport.client,
            endpoints: try EndpointResolver(environment: ["AWS_ENDPOINT_URL": endpoint]),
            sleep: { try await loop.sleep(for: $0) },
            now: { Double(time(nil)) }
        )
        let keys = Credentials(
            accessKeyID: "ASIABENCHMARK",
            secretAccessKey: Secret("secret"),
            sessionToken: Secret(String(repeating: "token", count: 100))
        )
        return AWSClient(runtime: runtime, region: "eu-central-1", credentials: StaticCredentials(keys))
    }

    private func send(_ calls: Int, over client: AWSClient) async throws {
        let operation = ECR.DescribeImageScanFindings(
            repositoryName: "team/service",
            imageId: ECR.ImageIdentifier(imageDigest: "sha256:" + String(repeating: "0a", count: 32)),
            registryId: "123456789012",
            maxResults: 1000
        )
        try await withThrowingTaskGroup { group in
            for lane in 0..<inFlight {
                let share = calls / inFlight + (lane < calls % inFlight ? 1 : 0)
                group.addTask {
                    for _ in 0..<share { _ = try await client.send(operation) }
                }
            }
            try await group.waitForAll()
        }
    }
}
