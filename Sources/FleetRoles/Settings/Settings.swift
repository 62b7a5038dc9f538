package import AWSCore
package import AdminServer
package import Discovery
package import Domain
package import JobQueue
package import Logging
package import Redis
package import Scanning

/// The whole configuration of a process, read and checked.
package struct Settings: Sendable {
    /// How log lines look.
    package enum LogFormat: String, Sendable {
        case json
        case text
    }

    /// How a process logs.
    package struct Logs: Sendable {
        package var level: Logger.Level
        package var format: LogFormat

        /// Pairs a level with a format.
        package init(level: Logger.Level, format: LogFormat) {
            self.level = level
            self.format = format
        }
    }

    /// What sweeps look at, and when.
    package struct Sweeps: Sendable {
        package var scope: DiscoveryScope
        package var images: ImageScope
        /// Scans that are started per account and region in 24 hours.
        package var scansPerDay: Int
        package var schedules: [SweepKind: Schedule]
        package var overlap: SweepOverlap

        /// Says what is looked at, and when.
        package init(
            scope: DiscoveryScope,
            images: ImageScope,
            scansPerDay: Int,
            schedules: [SweepKind: Schedule],
            overlap: SweepOverlap
        ) {
            self.scope = scope
            self.images = images
            self.scansPerDay = scansPerDay
            self.schedules = schedules
            self.overlap = overlap
        }
    }

    /// Where the report is written.
    package struct Report: Sendable {
        /// Nil in roles that write no report.
        package var bucket: String?
        package var prefix: String

        /// Names the place of the report.
        package init(bucket: String?, prefix: String) {
            self.bucket = bucket
            self.prefix = prefix
        }
    }

    /// What the standard `AWS_*` variables say.
    package struct AWS: Sendable {
        /// The region of the table, the bucket and the global services.
        package var region: RegionName
        package var endpoints: EndpointResolver
        package var retries: RetryPolicy
        /// Where the fleet's own keys come from; nothing has been asked yet.
        package var credentials: CredentialsSource
        package var authorities: AuthorityBundle

        /// Joins what the variables say.
        package init(
            region: RegionName,
            endpoints: EndpointResolver,
            retries: RetryPolicy,
            credentials: CredentialsSource,
            authorities: AuthorityBundle
        ) {
            self.region = region
            self.endpoints = endpoints
            self.retries = retries
            self.credentials = credentials
            self.authorities = authorities
        }
    }

    package var redis: RedisConfiguration
    package var fleet: String
    package var organizationRoleARN: String?
    package var memberRole: String
    package var externalID: Secret?
    package var sweeps: Sweeps
    package var table: String
    package var report: Report
    package var news: News
    package var concurrency: Int
    /// How the rates of calls are learned.
    package var limiter: LimiterSettings
    package var listen: ListenAddress
    package var logs: Logs
    package var aws: AWS

    /// Joins the parts, each of them checked.
    package init(
        redis: RedisConfiguration,
        fleet: String,
        organizationRoleARN: String?,
        memberRole: String,
        externalID: Secret?,
        sweeps: Sweeps,
        table: String,
        report: Report,
        news: News,
        concurrency: Int,
        limiter: LimiterSettings,
        listen: ListenAddress,
        logs: Logs,
        aws: AWS
    ) {
        self.redis = redis
        self.fleet = fleet
        self.organizationRoleARN = organizationRoleARN
        self.memberRole = memberRole
        self.externalID = externalID
        self.sweeps = sweeps
        self.table = table
        self.report = report
        self.news = news
        self.concurrency = concurrency
        self.limiter = limiter
        self.listen = listen
        self.logs = logs
        self.aws = aws
    }
}
