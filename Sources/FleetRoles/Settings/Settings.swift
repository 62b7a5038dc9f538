package import AWSCore
package import AdminServer
package import Discovery
package import Domain
package import JobQueue
package import Logging
package import Redis
package import Scanning
package import Support

/// The whole configuration of a process, read and checked.
package struct Settings: Sendable {
    /// How log lines look.
    package enum LogFormat: String, Sendable {
        case json
        case text
    }

    /// How a process logs.
    package struct Logs: Sendable {
        /// The least severe line that is written.
        package var level: Logger.Level
        /// How a line looks.
        package var format: LogFormat

        /// Pairs a level with a format.
        package init(level: Logger.Level, format: LogFormat) {
            self.level = level
            self.format = format
        }
    }

    /// What sweeps look at, and when.
    package struct Sweeps: Sendable {
        /// The accounts, regions and repositories of a sweep.
        package var scope: DiscoveryScope
        /// The images of each repository.
        package var images: ImageScope
        /// Scans that are started per account and region in 24 hours.
        package var scansPerDay: Int
        /// When sweeps of each kind begin.
        package var schedules: [SweepKind: Schedule]
        /// What a due sweep does while an earlier one of its kind is unfinished.
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
        /// What the report's keys begin with.
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
        /// The address of each service.
        package var endpoints: EndpointResolver
        /// How often a failed call is repeated.
        package var retries: RetryPolicy
        /// Where the fleet's own keys come from; nothing has been asked yet.
        package var credentials: CredentialsSource
        /// The certificate authorities that calls trust.
        package var authorities: CABundle

        /// Joins what the variables say.
        package init(
            region: RegionName,
            endpoints: EndpointResolver,
            retries: RetryPolicy,
            credentials: CredentialsSource,
            authorities: CABundle
        ) {
            self.region = region
            self.endpoints = endpoints
            self.retries = retries
            self.credentials = credentials
            self.authorities = authorities
        }
    }

    /// Where the fleet's Redis is.
    package var redis: RedisConfiguration
    /// The fleet's name, part of every Redis key.
    package var fleet: String
    /// The role that lists the organization; nil where the fleet's own credentials do.
    package var organizationRoleARN: String?
    /// The name of the role that is assumed in every account.
    package var memberRole: String
    /// The external id that the member roles ask for; nil where they ask for none.
    package var externalID: Secret?
    /// What sweeps look at, and when.
    package var sweeps: Sweeps
    /// The DynamoDB table of the findings.
    package var table: String
    /// Where the report is written.
    package var report: Report
    /// What is announced, where, and when.
    package var notifications: Notifications
    /// The jobs that a worker has in flight.
    package var concurrency: Int
    /// How the rates of calls are learned.
    package var limiter: LimiterSettings
    /// The address of the admin pages.
    package var listen: ListenAddress
    /// How a process logs.
    package var logs: Logs
    /// What the standard `AWS_*` variables say.
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
        notifications: Notifications,
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
        self.notifications = notifications
        self.concurrency = concurrency
        self.limiter = limiter
        self.listen = listen
        self.logs = logs
        self.aws = aws
    }
}
