/// The settings by their outside names.
///
/// In the environment and in a file the name is `SCANFLEET_` and the raw value, such as `SCANFLEET_REDIS_URL`; the
/// flag is the raw value in lower case with hyphens, such as `--redis-url`.
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

    /// The environment variable, such as `SCANFLEET_REDIS_URL`; a file uses the same name.
    package var variable: String { "SCANFLEET_" + rawValue }

    /// The flag without its two hyphens, such as `redis-url`.
    package var flag: String { rawValue.lowercased().replacing("_", with: "-") }

    /// The value when no source gives one; nil when the setting has no default.
    package var defaultValue: String? { setting.defaultValue }

    /// Whether the value must never be shown: the external id, Hubot's token, and the Redis URL with its password.
    package var isSecret: Bool { setting.isSecret }

    /// One line for `--help`, the documentation and the Helm chart.
    package var help: String { setting.help }

    /// Where the values of the Helm chart hold this setting.
    package var chart: ChartPlace { setting.chart }
}

/// The places in the values of the Helm chart that can hold a setting.
package enum ChartPlace: Sendable {
    /// Under `config`, by the setting's name in camel case.
    case config
    /// Under `secrets`, as a reference to a Kubernetes secret.
    case secret
    /// Nowhere: the chart derives the setting from its other values.
    case builtIn
}

/// One row of the table of settings.
private struct Setting {
    var help: String
    var defaultValue: String?
    var isSecret: Bool
    var chart: ChartPlace

    init(_ help: String, default defaultValue: String? = nil, isSecret: Bool = false, chart: ChartPlace = .config) {
        self.help = help
        self.defaultValue = defaultValue
        self.isSecret = isSecret
        self.chart = chart
    }
}

extension ConfigurationKey {
    /// The table of settings: the one source for flags, `scanfleet config`, the documentation and the chart.
    private var setting: Setting {
        switch self {
        case .redisURL:
            Setting(
                "redis://, rediss:// or unix://, with user:password@ where needed",
                default: "redis://127.0.0.1:6379",
                isSecret: true,
                chart: .builtIn
            )
        case .redisCA:
            Setting("file with the CA certificates that Redis' certificate is checked against", chart: .builtIn)
        case .fleet: Setting("names the fleet; part of every Redis key", default: "scanfleet")
        case .organizationRoleARN:
            Setting("role in the management account for listing; without it, the own credentials")
        case .memberRole: Setting("name of the role assumed in every account", default: "ScanfleetMember")
        case .externalID: Setting("external id, where the member roles ask for one", isSecret: true, chart: .secret)
        case .regions: Setting("comma list, or auto for the regions that an account has enabled", default: "auto")
        case .accounts:
            Setting(
                "comma list of account ids, name:GLOB, ou:/PATH or tag:KEY=GLOB, or all; one that fits is enough",
                default: "all"
            )
        case .excludeAccounts: Setting("the same kind of list, of accounts that are left out")
        case .repositories: Setting("comma list of globs, or all", default: "all")
        case .tags:
            Setting(
                "comma list of globs, or all; a tagged image is in scope where one of its tags fits one",
                default: "all"
            )
        case .untagged: Setting("on or off: whether images without a tag are in scope", default: "on")
        case .imagesPerRepository: Setting("newest images in scope per repository; 0 is all", default: "100")
        case .scansPerDay:
            Setting(
                "scans started per account and region in 24 hours, images in use first; AWS allows 100000",
                default: "100000"
            )
        case .scanSchedule:
            Setting("when scans are started: an interval such as 24h, a cron expression in UTC, or off", default: "24h")
        case .collectSchedule:
            Setting("when findings are read: an interval, a cron expression in UTC, or off", default: "3h")
        case .sweepOverlap:
            Setting(
                "what a due sweep does while an earlier one of its kind runs: wait, or cancel that one",
                default: "wait"
            )
        case .table: Setting("DynamoDB table of the findings", default: "scanfleet")
        case .bucket: Setting("S3 bucket of the report")
        case .reportPrefix: Setting("what the report's keys begin with", default: "findings/")
        case .hubotURL: Setting("where notifications are posted")
        case .hubotRoom: Setting("the chat room that notifications go to")
        case .hubotToken: Setting("sent to Hubot as a bearer token", isSecret: true, chart: .secret)
        case .chatFormat: Setting("hubot, slack (an incoming webhook) or webhook (plain JSON)", default: "hubot")
        case .routes: Setting("JSON file: which room hears of which account, organizational unit or repository")
        case .suppressions: Setting("JSON file: what is not announced, why, and until when")
        case .notifySeverity: Setting("least severity announced", default: "HIGH")
        case .notifyWindow:
            Setting(
                "how long changes of a sweep under way are gathered, so that one vulnerability is one message",
                default: "5m"
            )
        case .quietHours: Setting("a span of the day in UTC, such as 22:00-07:00, in which nothing is announced")
        case .digest: Setting("a time of the day in UTC, such as 08:00, at which everything is announced at once")
        case .concurrency: Setting("jobs in flight per worker, 1 to 1024", default: "64")
        case .rateFirst:
            Setting(
                "calls a second of an operation in an account and region, before anything is known of its quota",
                default: "10"
            )
        case .rateFloor: Setting("lowest rate the limiter backs off to", default: "0.5")
        case .rateCeiling: Setting("highest rate the limiter grows to", default: "100")
        case .listen:
            Setting("address of /metrics, /healthz, /readyz and /v1/queue", default: "0.0.0.0:8080", chart: .builtIn)
        case .logLevel: Setting("trace, debug, info, notice, warning, error or critical", default: "info")
        case .logFormat: Setting("json, or text for people", default: "json")
        }
    }
}
