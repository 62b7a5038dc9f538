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

/// The parts of one process, joined once; there is no other place that makes them.
package struct Assembly: Sendable {
    /// The configuration of this process.
    package let settings: Settings
    /// The loop that the process's tasks run on.
    package let loop: EventLoop
    let transport: CurlTransport
    /// The client of the fleet's Redis.
    package let redis: RedisClient
    /// The fleet's jobs and their leases.
    package let queue: JobQueue
    /// The fleet's sweeps and their counters.
    package let sweepRegistry: SweepRegistry
    /// The pace of AWS calls, shared by the whole fleet.
    package let rateLimiter: RateLimiter
    /// Who leads each role.
    package let leaderLease: LeaderLease
    /// What every AWS client shares: transport, endpoints, retries and clock.
    package let runtime: AWSRuntime
    /// The fleet's own AWS credentials.
    package let credentials: CredentialsChain
    /// The roles that are assumed in other accounts.
    package let sessions: RoleSessions
    let access: RegistryAccess
    /// The table of the findings.
    package let store: FindingStore
    let metrics: MetricRegistry
    /// Rises while DynamoDB throttles.
    let storePressure: BackPressure
    /// Where calls wait for a quota.
    let slowPlaces: ThrottledBuckets
    let logger: Logger
    /// Unique in the fleet: host, process and a random part, since pods may share the first two.
    let instance: String

    /// Makes every part and connects to nothing yet.
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

    /// A client of the fleet's own account and region.
    package var home: AWSClient {
        AWSClient(runtime: runtime, region: settings.aws.region.rawValue, credentials: credentials)
    }

    /// A client that may list the organization.
    package func organization() async -> AWSClient {
        guard let role = settings.organizationRoleARN else { return home }
        let provider = await sessions.provider(forRoleARN: role)
        return AWSClient(runtime: runtime, region: settings.aws.region.rawValue, credentials: provider)
    }

    /// Closes what is open; nothing may be running any more.
    package func shutdown() async {
        await redis.close()
        await transport.shutdown()
    }

    /// Seconds since 1970.
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
    /// What CloudTrail shows in every account for what this fleet did.
    fileprivate var sessionName: String { "scanfleet-\(fleet)" }

    /// Logs to standard error in the format asked for.
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
