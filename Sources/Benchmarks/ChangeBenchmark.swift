internal import AWSCore
internal import Domain
internal import EventLoop
internal import FindingStore
internal import Glibc
internal import HTTPTransport
internal import Support

/// Writes new findings into the store as a worker does, one image at a time, and tells when: what becomes of them is measured
/// by whoever waits for the messages.
package struct ChangeBenchmark: Sendable {
    /// Where DynamoDB answers.
    package var endpoint: String
    package var table: String
    package var changes: Int

    /// Describes one run.
    package init(endpoint: String, table: String, changes: Int) {
        self.endpoint = endpoint
        self.table = table
        self.changes = changes
    }

    /// About two a second, at no fixed distance, so that no rhythm of the reader's is met.
    private static let distances: ClosedRange<Int> = 100...900

    /// Writes; `tell` hears each vulnerability's id and when its write was begun, in seconds since 1970.
    ///
    /// - Throws: what a call throws, and `EmptyStore` where no sweep has filled the table.
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

/// The account that the simulator answers as.
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
