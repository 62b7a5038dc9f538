/// Every setting of ours by the name that the outside sees: `SCANFLEET_` and the raw value in the environment and in a
/// file, the same in lower case with hyphens as a flag.
package enum ConfigurationKey: String, CaseIterable, Sendable {
    case redisURL = "REDIS_URL"
    case redisCA = "REDIS_CA"
    case fleet = "FLEET"
    case organizationRoleARN = "ORGANIZATION_ROLE_ARN"
    case memberRole = "MEMBER_ROLE"
    case externalID = "EXTERNAL_ID"
    case regions = "REGIONS"
    case accounts = "ACCOUNTS"
    case excludeAccounts = "EXCLUDE_ACCOUNTS"
    case repositories = "REPOSITORIES"
    case tags = "TAGS"
    case untagged = "UNTAGGED"
    case imagesPerRepository = "IMAGES_PER_REPOSITORY"
    case scansPerDay = "SCANS_PER_DAY"
    case scanSchedule = "SCAN_SCHEDULE"
    case collectSchedule = "COLLECT_SCHEDULE"
    case sweepOverlap = "SWEEP_OVERLAP"
    case table = "TABLE"
    case bucket = "BUCKET"
    case reportPrefix = "REPORT_PREFIX"
    case hubotURL = "HUBOT_URL"
    case hubotRoom = "HUBOT_ROOM"
    case hubotToken = "HUBOT_TOKEN"
    case chatFormat = "CHAT_FORMAT"
    case routes = "ROUTES"
    case suppressions = "SUPPRESSIONS"
    case notifySeverity = "NOTIFY_SEVERITY"
    case notifyWindow = "NOTIFY_WINDOW"
    case quietHours = "QUIET_HOURS"
    case digest = "DIGEST"
    case concurrency = "CONCURRENCY"
    case rateFirst = "RATE_FIRST"
    case rateFloor = "RATE_FLOOR"
    case rateCeiling = "RATE_CEILING"
    case listen = "LISTEN"
    case logLevel = "LOG_LEVEL"
    case logFormat = "LOG_FORMAT"

    /// The environment variable, which is also the name in a file.
    package var variable: String { "SCANFLEET_" + rawValue }

    /// The value where nothing is given; nil where there is none.
    package var defaultValue: String? {
        switch self {
        case .redisURL: "redis://127.0.0.1:6379"
        case .fleet: "scanfleet"
        case .memberRole: "ScanfleetMember"
        case .regions: "auto"
        case .accounts, .repositories, .tags: "all"
        case .untagged: "on"
        case .imagesPerRepository: "100"
        case .scansPerDay: "100000"
        case .scanSchedule: "24h"
        case .collectSchedule: "3h"
        case .sweepOverlap: "wait"
        case .table: "scanfleet"
        case .reportPrefix: "findings/"
        case .chatFormat: "hubot"
        case .notifySeverity: "HIGH"
        case .notifyWindow: "5m"
        case .concurrency: "64"
        case .rateFirst: "10"
        case .rateFloor: "0.5"
        case .rateCeiling: "100"
        case .listen: "0.0.0.0:8080"
        case .logLevel: "info"
        case .logFormat: "json"
        case .redisCA, .organizationRoleARN, .externalID, .excludeAccounts, .bucket, .hubotURL, .hubotRoom, .hubotToken,
            .routes, .suppressions, .quietHours, .digest:
            nil
        }
    }

    /// Whether the value must never be shown; a Redis URL may hold a password.
    package var isSecret: Bool { [.externalID, .hubotToken, .redisURL].contains(self) }

    /// One line for `--help` and ops/guides/configuration.md.
    package var help: String {
        switch self {
        case .redisURL: "redis://, rediss:// or unix://, with user:password@ where needed"
        case .redisCA: "file with the CA certificates that Redis' certificate is checked against"
        case .fleet: "names the fleet; part of every Redis key"
        case .organizationRoleARN: "role in the management account for listing; without it, the own credentials"
        case .memberRole: "name of the role assumed in every account"
        case .externalID: "external id, where the member roles ask for one"
        case .regions: "comma list, or auto for the regions that an account has enabled"
        case .accounts:
            "comma list of account ids, name:GLOB, ou:/PATH or tag:KEY=GLOB, or all; one that fits is enough"
        case .excludeAccounts: "the same kind of list, of accounts that are left out"
        case .repositories: "comma list of globs, or all"
        case .tags: "comma list of globs, or all; a tagged image is looked at where one of its tags fits one"
        case .untagged: "on or off: whether images without a tag are looked at"
        case .imagesPerRepository: "newest images looked at per repository; 0 is all"
        case .scansPerDay: "scans started per account and region in 24 hours, images in use first; AWS allows 100000"
        case .scanSchedule: "when scans are started: an interval such as 24h, a cron expression in UTC, or off"
        case .collectSchedule: "when findings are read: an interval, a cron expression in UTC, or off"
        case .sweepOverlap: "what a due sweep does while an earlier one of its kind runs: wait, or cancel that one"
        case .table: "DynamoDB table of the findings"
        case .bucket: "S3 bucket of the report"
        case .reportPrefix: "what the report's keys begin with"
        case .hubotURL: "where news is posted"
        case .hubotRoom: "the chat room that news goes to"
        case .hubotToken: "sent to Hubot as a bearer token"
        case .chatFormat: "hubot, slack (an incoming webhook) or webhook (plain JSON)"
        case .routes: "JSON file: which room hears of which account, organizational unit or repository"
        case .suppressions: "JSON file: what is not told, why, and until when"
        case .notifySeverity: "least severity announced"
        case .notifyWindow: "how long news of a sweep under way is gathered, so that one vulnerability is one message"
        case .quietHours: "a span of the day in UTC, such as 22:00-07:00, in which nothing is told"
        case .digest: "a time of the day in UTC, such as 08:00, at which everything is told at once"
        case .concurrency: "jobs in flight per worker, 1 to 1024"
        case .rateFirst:
            "calls a second of an operation in an account and region, before anything is known of its quota"
        case .rateFloor: "the rate below which no refusal pushes an operation"
        case .rateCeiling: "the rate above which no success lifts an operation"
        case .listen: "address of /metrics, /healthz, /readyz and /v1/queue"
        case .logLevel: "trace, debug, info, notice, warning, error or critical"
        case .logFormat: "json, or text for people"
        }
    }
}
