internal import AWSCore
internal import Domain
internal import EventLoop
internal import FindingStore
internal import Glibc
internal import HTTPTransport
internal import Support

/// Writes new findings into the store as a worker does, one image at a time, and reports each write's time.
///
/// The program that waits for the messages measures the delay until they arrive.
package struct ChangeBenchmark: Sendable {
    /// The URL of DynamoDB.
    package var endpoint: String
    /// The DynamoDB table, which a sweep must have filled.
    package var table: String
    /// How many images are written, each with one new critical finding.
    package var changes: Int

    /// Describes one run.
    package init(endpoint: String, table: String, changes: Int) {
        self.endpoint = endpoint
        self.table = table
        self.changes = changes
    }

    /// The pauses between writes, in milliseconds: about two writes per second, irregular, so that they never match the
    /// reader's rhythm.
    private static let distances: ClosedRange<Int> = 100...900

    /// Writes the images; `tell` receives each vulnerability's id and the time its write began, in seconds since 1970.
    ///
    /// - Throws: the error of a call, and `EmptyStore` if no sweep has filled the table.
    package func run(_ tell: (_ id: String, _ at: Double) -> Void) async throws {
        let loop = try EventLoop()
        let transport = try CurlTransport(loop: loop)
        let client = try SimulatedAccount.client(of: endpoint, over: transport, on: loop)
        let store = FindingStore(client: client, table: table, now: Self.now)
        try await withTaskExecutorPreference(loop) {
            guard let registry = try await store.registries().first(where: { $0.obstacle == nil })?.registry else {
                throw EmptyStore()
            }
            var random = Numbers(state: UInt64(changes))
            for number in 0..<changes {
                let id = "CVE-2099-\(10_000 + number)"
                let at = Self.now()
                _ = try await store.put(image(number, with: id, in: registry), over: nil, token: 1)
                tell(id, at)
                let distance = Self.distances.lowerBound + random.below(Self.distances.count)
                try await loop.sleep(for: .milliseconds(distance))
            }
            await transport.shutdown()
        }
        loop.shutdown()
    }

    private func image(_ number: Int, with id: String, in registry: Registry) -> ImageStatus {
        let name = RepositoryName(rawValue: "bench/service-\(number)")
        let digest = ImageDigest(rawValue: SyntheticOrganization.digest(number, 0))
        let place = ImageReference(repository: RepositoryReference(registry: registry, name: name), digest: digest)
        let key = Finding.Key(vulnerability: id, package: "openssl", version: "3.0")
        return ImageStatus(
            image: Image(place: place, tags: ["1.0"], pushedAt: Self.now()),
            coverage: Coverage(.scanned, at: Self.now()),
            counts: nil,
            findings: [Finding(key: key, severity: .critical)]
        )
    }

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// No sweep has filled the table.
struct EmptyStore: Error {}

/// A client for the account that the simulator plays.
enum SimulatedAccount {
    static func client(of endpoint: String, over transport: CurlTransport, on loop: EventLoop) throws -> AWSClient {
        let runtime = AWSRuntime(
            http: transport.client,
            endpoints: try EndpointResolver(environment: ["AWS_ENDPOINT_URL": endpoint]),
            sleep: { try await loop.sleep(for: $0) },
            now: { Double(time(nil)) }
        )
        let keys = Credentials(accessKeyID: "AKIASIMULATORMANAGEMENT", secretAccessKey: Secret("simulated-secret"))
        return AWSClient(runtime: runtime, region: "us-east-1", credentials: StaticCredentials(keys))
    }
}
