import AWSCore
import AWSServices
import Domain
import FindingStore
import HTTPTransport
import Logging
import RegistryAccess
import Scanning
import Support
import Synchronization

@testable import SimulatedAWS

/// A simulated AWS in this process, under a clock that the test moves, with one repository and the work on it.
final class RehearsedCloud: Sendable {
    /// One call of ECR as the test sees it.
    struct Seen: Sendable {
        var operation: String
        /// Nil where the call is not about one image.
        var digest: String?
    }

    static let account = SimulatorConfiguration.managementAccount
    static let place = RepositoryReference(
        registry: Registry(account: AccountID(rawValue: account), region: RegionName(rawValue: "us-east-1")),
        name: RepositoryName(rawValue: "team/service")
    )

    let cloud: Cloud
    private let answers = Mutex<(@Sendable (Seen) -> HTTPResponse?)?>(nil)
    private let blocked = Mutex<(@Sendable (String) -> (any Error)?)?>(nil)
    private let started = Mutex<[(digest: String, at: Double)]>([])
    private let tokens = Mutex(1)

    /// Begins at `now` with these images, whatever else there is in the organization.
    init(now: Double = 1_800_000_000, images: [SimulatedImage]) async throws {
        var configuration = SimulatorConfiguration()
        configuration.accounts = 1
        configuration.scanSeconds = 120
        // The table takes a while to become active, and time goes only forward.
        let clock = SharedClock(now - 3600)
        cloud = Cloud(configuration) { clock.now }
        self.clock = clock
        replace(images: images)
        try await store.createTable()
        self.now = now
    }

    private let clock: SharedClock

    private final class SharedClock: Sendable {
        private let time: Mutex<Double>
        init(_ time: Double) { self.time = Mutex(time) }
        var now: Double {
            get { time.withLock { $0 } }
            set { time.withLock { $0 = newValue } }
        }
    }

    var now: Double {
        get { clock.now }
        set { clock.now = newValue }
    }

    /// An image that was scanned so many hours ago; nil is never.
    static func image(_ number: Int, scannedHoursAgo hours: Double? = 30, now: Double = 1_800_000_000) -> SimulatedImage
    {
        let scannedAt = hours.map { now - $0 * 3600 }
        return SimulatedImage(
            digest: digest(number),
            tags: ["v\(number)"],
            pushedAt: now - 1_000_000 + Double(number),
            scan: ScanState(
                outcome: .complete,
                phase: scannedAt.map { .ended(at: $0) } ?? .never,
                startedAt: scannedAt.map { $0 - 4 }
            ),
            findings: [
                SimulatedFinding(
                    vulnerability: number % 50,
                    package: "openssl",
                    version: "1.\(number)",
                    release: nil,
                    fixedVersion: nil
                )
            ]
        )
    }

    static func digest(_ number: Int) -> String {
        let text = String(number, radix: 16)
        // The number comes first, so that the first eight digits tell the images apart.
        return "sha256:" + String(repeating: "0", count: 8 - text.count) + text + String(repeating: "a", count: 56)
    }

    /// Gives the repository other images.
    func replace(images: [SimulatedImage]) {
        var repository = SimulatedRepository(name: Self.place.name.rawValue, createdAt: 0)
        for image in images { repository.push(image) }
        let registry = SimulatedRegistry(
            account: Self.account,
            region: "us-east-1",
            isEnhanced: false,
            repositories: [repository]
        )
        cloud.organization.withLock { $0.update(account: Self.account, region: "us-east-1") { $0 = registry } }
    }

    /// Answers calls of ECR in its place where `body` gives something.
    func answer(_ body: (@Sendable (Seen) -> HTTPResponse?)?) { answers.withLock { $0 = body } }

    /// Fails calls of the operations for which `body` gives an error before they are made, as the limiter does where
    /// Redis refuses it.
    func block(_ body: (@Sendable (String) -> (any Error)?)?) { blocked.withLock { $0 = body } }

    static func refusal(_ code: String, _ message: String = "no", status: Int = 400) -> HTTPResponse {
        HTTPResponse(status: status, body: Array("{\"__type\":\"\(code)\",\"message\":\"\(message)\"}".utf8))
    }

    /// Scans that were started, in their order.
    var scans: [(digest: String, at: Double)] { started.withLock { $0 } }

    // MARK: The fleet

    var store: FindingStore {
        get throws {
            FindingStore(
                client: AWSClient(runtime: try runtime, region: "us-east-1", credentials: StaticCredentials(Self.keys)),
                table: "scanfleet",
                now: { self.now },
                sleep: { self.now += Double($0.components.seconds) }
            )
        }
    }

    func stored() async throws -> [Int: ImageStatus] {
        let images = try await store.images(in: Self.place)
        return Dictionary(
            uniqueKeysWithValues: images.map { image in
                (Int(image.place.digest.rawValue.dropFirst(7).prefix(8), radix: 16) ?? -1, image.status)
            }
        )
    }

    func repository() async throws -> RepositoryStatus? {
        try await store.repositories(in: Self.place.registry).first { $0.place == Self.place }
    }

    /// One attempt under a lease of its own.
    func attempt(
        _ sweep: SweepID,
        cursor: String? = nil,
        bounds: RepositoryJob.Bounds = .init(),
        scope: ImageScope = ImageScope()
    ) async throws -> AttemptOutcome {
        let sessions = RoleSessions(
            runtime: try runtime,
            source: StaticCredentials(Self.keys),
            region: "us-east-1",
            roleName: "ScanfleetMember",
            externalID: nil,
            sessionName: "test"
        )
        let work = RepositoryJob(
            access: RegistryAccess(runtime: try runtime, sessions: sessions, gate: { _ in self.gate }),
            store: try store,
            bounds: bounds,
            scope: scope,
            now: { self.now }
        )
        let token = tokens.withLock { token in
            token += 1
            return token
        }
        return try await work.perform(
            ScanJob(sweep: sweep, repository: Self.place),
            token: token,
            cursor: cursor,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// Attempts until the job ends, moving the clock where it has to wait.
    func run(
        _ kind: SweepKind,
        bounds: RepositoryJob.Bounds = .init(),
        scope: ImageScope = ImageScope()
    ) async throws -> AttemptOutcome {
        let sweep = SweepID(kind: kind, slot: "1")
        var cursor: String?
        for _ in 0..<100 {
            switch try await attempt(sweep, cursor: cursor, bounds: bounds, scope: scope) {
            case .continues(let next): cursor = next
            case .again(let delay?, _, consumesTry: false): now += Double(delay.components.seconds) + 1
            case let end: return end
            }
        }
        throw Endless()
    }

    private struct Endless: Error {}

    private var gate: CallLimiter {
        CallLimiter(
            enter: { [self] operation in if let error = blocked.withLock({ $0 })?(operation) { throw error } },
            throttled: { _ in }
        )
    }

    private static let keys = Credentials(
        accessKeyID: "AKIASIMULATORMANAGEMENT",
        secretAccessKey: Secret("simulated-secret")
    )

    private var runtime: AWSRuntime {
        get throws {
            AWSRuntime(
                http: HTTPClient { request in await self.respond(to: request) },
                endpoints: try EndpointResolver(environment: ["AWS_ENDPOINT_URL": "http://127.0.0.1:1"]),
                sleep: { _ in },
                now: { self.now }
            )
        }
    }

    private func respond(to request: HTTPRequest) async -> HTTPResponse {
        let rest = request.url.dropFirst("http://127.0.0.1:1".count)
        let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let headers = request.headers.map { ($0.name.lowercased(), $0.value) }
        let wire = WireRequest(
            method: request.method,
            path: parts[0].isEmpty ? "/" : parts[0],
            query: parts.count == 2 ? parts[1] : "",
            headers: Dictionary(headers, uniquingKeysWith: { first, _ in first }),
            body: request.body
        )
        let target = wire.headers["x-amz-target"] ?? ""
        let isRegistry = target.hasPrefix("AmazonEC2ContainerRegistry")
        let seen = Seen(
            operation: isRegistry ? String(target.split(separator: ".").last ?? "") : "",
            digest: (try? JSONValue(reading: request.body))?["imageId"]?["imageDigest"]?.text
        )
        if !seen.operation.isEmpty, let answer = answers.withLock({ $0 })?(seen) { return answer }
        let answer = await cloud.answer(wire)
        if seen.operation == "StartImageScan", answer.status == 200, let digest = seen.digest {
            started.withLock { $0.append((digest, now)) }
        }
        return HTTPResponse(
            status: answer.status,
            headers: answer.headers.map { (name: $0.key, value: $0.value) },
            body: answer.body
        )
    }
}
