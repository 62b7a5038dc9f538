package import AWSCore
package import AWSServices
internal import Cryptography
internal import Discovery
internal import Domain
package import EventLoop
package import FindingStore
internal import Glibc
internal import HTTPTransport
package import JobQueue
internal import Logging
internal import Observability
package import Redis
internal import RegistryAccess
internal import Support

/// The parts of one process: this is the only place that creates and connects them.
package struct Assembly: Sendable {
    /// The checked configuration that all parts were created from.
    package let settings: Settings
    /// The event loop on which all tasks, sockets and timers of the process run.
    package let loop: EventLoop
    let transport: CurlTransport
    /// The client of the fleet's Redis; it connects with its first command.
    package let redis: RedisClient
    /// The fleet's jobs, leases and dead letters in Redis.
    package let queue: JobQueue
    /// The fleet's sweeps and their progress in Redis.
    package let sweepRegistry: SweepRegistry
    /// The limiter of calls into registries, whose learned rates the whole fleet shares in Redis.
    package let rateLimiter: RateLimiter
    /// The leases in Redis by which one process leads each role.
    package let leaderLease: LeaderLease
    /// What all AWS clients share: transport, endpoints, retries and clock.
    package let runtime: AWSRuntime
    /// The fleet's own AWS credentials, fetched with the first call and refreshed before they expire.
    package let credentials: CredentialsChain
    /// The credentials of the roles assumed in member accounts.
    package let sessions: RoleSessions
    let access: RegistryAccess
    /// The DynamoDB table of findings, coverage and outbox.
    package let store: FindingStore
    let metrics: MetricRegistry
    /// Takes job slots away while DynamoDB throttles.
    let storePressure: BackPressure
    /// The buckets whose calls waited for a quota within the last minute.
    let slowPlaces: ThrottledBuckets
    let logger: Logger
    /// The process's name, unique in the fleet: host, process id and a random part, as pods may share the first two.
    let instance: String

    /// Creates every part and opens no connection.
    ///
    /// - Throws: `HTTPTransportError` when libcurl cannot be initialised.
    package init(_ settings: Settings, loop: EventLoop) throws {
        self.settings = settings
        self.loop = loop
        (metrics, storePressure, slowPlaces) = (MetricRegistry(), BackPressure(), ThrottledBuckets())
        instance = Self.instanceName()
        logger = settings.logger(instance: instance)
        OpenSSLLibrary.prepare()
        let curl = CurlConfiguration(certificateAuthorityFile: settings.aws.authorities.file)
        transport = try CurlTransport(loop: loop, configuration: curl)
        redis = RedisClient(configuration: settings.redis, loop: loop)
        let queueSettings = settings.queue(at: Int(Self.now()))
        queue = JobQueue(redis: redis, fleet: settings.fleet, settings: queueSettings)
        sweepRegistry = SweepRegistry(redis: redis, fleet: settings.fleet, settings: queueSettings)
        rateLimiter = RateLimiter(redis: redis, fleet: settings.fleet, settings: queueSettings)
        leaderLease = LeaderLease(redis: redis, fleet: settings.fleet)
        let calls = CallMetrics(metrics)
        runtime = Self.runtime(settings, http: transport.client, loop: loop) { [storePressure] call in
            calls.count(call)
            if call.service == "dynamodb" && call.outcome == .throttled { storePressure.refused() }
        }
        credentials = Self.credentials(settings, runtime, loop: loop, logger: logger)
        sessions = Self.sessions(settings, runtime, credentials)
        access = RegistryAccess(runtime: runtime, sessions: sessions) {
            [rateLimiter, slowPlaces, loop, logger] registry in
            let bucket = registry.bucket
            return FleetCallLimiter(limiter: rateLimiter, bucket: bucket, slow: slowPlaces, loop: loop, logger: logger)
                .gate
        }
        store = FindingStore(
            client: AWSClient(runtime: runtime, region: settings.aws.region.rawValue, credentials: credentials),
            table: settings.table,
            now: Self.now,
            sleep: { [loop] in try await loop.sleep(for: $0) }
        )
    }

    /// An AWS client with the fleet's own credentials in the home region.
    package var home: AWSClient {
        AWSClient(runtime: runtime, region: settings.aws.region.rawValue, credentials: credentials)
    }

    /// Returns an AWS client that may list the organization: with `organizationRoleARN` if set, else `home`.
    package func organization() async -> AWSClient {
        guard let role = settings.organizationRoleARN else { return home }
        let provider = await sessions.provider(forRoleARN: role)
        return AWSClient(runtime: runtime, region: settings.aws.region.rawValue, credentials: provider)
    }

    /// Closes Redis and HTTP connections; call it only when no task uses the parts any more.
    package func shutdown() async {
        await redis.close()
        await transport.shutdown()
    }

    /// Returns the wall clock in seconds since 1970, which may step when NTP corrects it.
    @Sendable package static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func runtime(
        _ settings: Settings,
        http: HTTPClient,
        loop: EventLoop,
        observe: @escaping @Sendable (AWSCallRecord) -> Void
    ) -> AWSRuntime {
        AWSRuntime(
            http: http,
            endpoints: settings.aws.endpoints,
            retries: settings.aws.retries,
            version: BuildVersion.number,
            sleep: { try await loop.sleep(for: $0) },
            now: Self.now,
            observe: observe
        )
    }

    private static func credentials(
        _ settings: Settings,
        _ runtime: AWSRuntime,
        loop: EventLoop,
        logger: Logger
    ) -> CredentialsChain {
        CredentialsChain(
            settings.aws.credentials,
            runtime: runtime,
            region: settings.aws.region.rawValue,
            sessionName: settings.sessionName,
            runProcess: { [loop] in try await CredentialsProgram.run($0, on: loop) },
            warn: { [logger] in logger.warning("old credentials are used on", metadata: .init([.reason: $0])) }
        )
    }

    private static func sessions(
        _ settings: Settings,
        _ runtime: AWSRuntime,
        _ credentials: CredentialsChain
    ) -> RoleSessions {
        RoleSessions(
            runtime: runtime,
            source: credentials,
            region: settings.aws.region.rawValue,
            roleName: settings.memberRole,
            externalID: settings.externalID?.value,
            sessionName: settings.sessionName
        )
    }

    private static func instanceName() -> String {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, 255)
        let host = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return "\(host)-\(getpid())-\(String(UInt32.random(in: .min ... .max), radix: 36))"
    }
}

extension Settings {
    /// The role session name that CloudTrail shows in every account for this fleet's calls.
    fileprivate var sessionName: String { "scanfleet-\(fleet)" }

    /// Returns a logger to standard error in the configured format.
    func logger(instance: String) -> Logger {
        var logger =
            switch logs.format {
            case .json: Logger(label: "scanfleet") { JSONLogHandler(label: $0, level: logs.level) }
            case .text: Logger(label: "scanfleet") { StreamLogHandler.standardError(label: $0) }
            }
        logger.logLevel = logs.level
        logger[metadataKey: LogKey.instance.rawValue] = "\(instance)"
        return logger
    }
}
