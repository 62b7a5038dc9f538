package import AWSCore
package import AdminServer
package import Discovery
package import Domain
package import JobQueue
package import Logging
package import Redis
package import Scanning
package import Support

/// The whole configuration of one process; every value has been checked.
package struct Settings: Sendable {
    /// The form of a log line.
    package enum LogFormat: String, Sendable {
        case json
        case text
    }

    /// Level and form of the log, which goes to standard error.
    package struct Logs: Sendable {
        /// The lowest level that is written.
        package var level: Logger.Level
        /// `json` for log collectors, `text` for people.
        package var format: LogFormat

        /// Takes values that are already checked.
        package init(level: Logger.Level, format: LogFormat) {
            self.level = level
            self.format = format
        }
    }

    /// Which accounts, regions, repositories and images sweeps cover, and when sweeps begin.
    package struct Sweeps: Sendable {
        /// The accounts, regions and repositories that discovery includes.
        package var scope: DiscoveryScope
        /// The images of a repository that are scanned and collected; the others are `out_of_scope`.
        package var images: ImageScope
        /// The most scans started per account and region in 24 hours; AWS allows 100,000.
        package var scansPerDay: Int
        /// The schedule of each kind; a kind without one is never started.
        package var schedules: [SweepKind: Schedule]
        /// Whether a due sweep waits for an unfinished earlier one of its kind or cancels it.
        package var overlap: SweepOverlap

        /// Takes values that are already checked.
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

    /// Where the report is written in S3.
    package struct Report: Sendable {
        /// The bucket's name; nil in roles that write no report.
        package var bucket: String?
        /// The text that every key of the report begins with, such as `findings/`.
        package var prefix: String

        /// Takes values that are already checked.
        package init(bucket: String?, prefix: String) {
            self.bucket = bucket
            self.prefix = prefix
        }
    }

    /// What the standard `AWS_*` variables configure, read as the AWS SDKs read them.
    package struct AWS: Sendable {
        /// The region of the table, of the bucket, and of the calls to global services such as Organizations.
        package var region: RegionName
        /// The URL of each service, which variables may replace.
        package var endpoints: EndpointResolver
        /// How often, and after which delays, a failed call is repeated.
        package var retries: RetryPolicy
        /// The source of the fleet's own credentials; it is first used by the first call.
        package var credentials: CredentialsSource
        /// The certificate authorities that HTTPS calls trust.
        package var authorities: CABundle

        /// Takes values that are already checked.
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

    /// Address, user, password and TLS of the fleet's Redis.
    package var redis: RedisConfiguration
    /// The fleet's name, which is part of every Redis key and of the role session names in CloudTrail.
    package var fleet: String
    /// The role that lists the organization's accounts; nil when the fleet's own credentials may do so.
    package var organizationRoleARN: String?
    /// The name, without its ARN, of the role that is assumed in every account.
    package var memberRole: String
    /// The external id that the member roles' trust policies require; nil when they require none.
    package var externalID: Secret?
    /// Which accounts, regions, repositories and images sweeps cover, and when sweeps begin.
    package var sweeps: Sweeps
    /// The name of the DynamoDB table of the findings.
    package var table: String
    /// Where the report is written in S3.
    package var report: Report
    /// Which changes are announced, where, and when.
    package var notifications: Notifications
    /// The most jobs that one worker has in flight, 1 to 1024.
    package var concurrency: Int
    /// First, lowest and highest rate of the limiter of AWS calls.
    package var limiter: LimiterSettings
    /// The address on which a role serves metrics, readiness and `/v1/queue`.
    package var listen: ListenAddress
    /// Level and form of the log, which goes to standard error.
    package var logs: Logs
    /// What the standard `AWS_*` variables configure, read as the AWS SDKs read them.
    package var aws: AWS

    /// Takes values that are already checked; ScanfleetCLI reads and checks them.
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
