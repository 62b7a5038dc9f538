internal import ArgumentParser

/// A flag for every setting; a flag overrides environment and file.
struct ConfigurationFlags: ParsableArguments {
    @Option(help: ArgumentHelp("a file of NAME=value lines with the same names as the environment", valueName: "file"))
    var config: String?

    @Option(.redisURL) var redisUrl: String?
    @Option(.redisCA) var redisCa: String?
    @Option(.fleet) var fleet: String?
    @Option(.organizationRoleARN) var organizationRoleArn: String?
    @Option(.memberRole) var memberRole: String?
    @Option(.externalID) var externalId: String?
    @Option(.regions) var regions: String?
    @Option(.accounts) var accounts: String?
    @Option(.excludeAccounts) var excludeAccounts: String?
    @Option(.repositories) var repositories: String?
    @Option(.tags) var tags: String?
    @Option(.untagged) var untagged: String?
    @Option(.imagesPerRepository) var imagesPerRepository: String?
    @Option(.scansPerDay) var scansPerDay: String?
    @Option(.scanSchedule) var scanSchedule: String?
    @Option(.collectSchedule) var collectSchedule: String?
    @Option(.sweepOverlap) var sweepOverlap: String?
    @Option(.table) var table: String?
    @Option(.bucket) var bucket: String?
    @Option(.reportPrefix) var reportPrefix: String?
    @Option(.hubotURL) var hubotUrl: String?
    @Option(.hubotRoom) var hubotRoom: String?
    @Option(.hubotToken) var hubotToken: String?
    @Option(.chatFormat) var chatFormat: String?
    @Option(.routes) var routes: String?
    @Option(.suppressions) var suppressions: String?
    @Option(.notifySeverity) var notifySeverity: String?
    @Option(.notifyWindow) var notifyWindow: String?
    @Option(.quietHours) var quietHours: String?
    @Option(.digest) var digest: String?
    @Option(.concurrency) var concurrency: String?
    @Option(.rateFirst) var rateFirst: String?
    @Option(.rateFloor) var rateFloor: String?
    @Option(.rateCeiling) var rateCeiling: String?
    @Option(.listen) var listen: String?
    @Option(.logLevel) var logLevel: String?
    @Option(.logFormat) var logFormat: String?

    /// The settings that were given as flags.
    var given: [ConfigurationKey: String] {
        Dictionary(uniqueKeysWithValues: ConfigurationKey.allCases.compactMap { key in self[key].map { (key, $0) } })
    }

    /// Joins the flags with the environment and the file that they name.
    func sources(environment: [String: String]) async throws(ConfigurationProblems) -> ConfigurationSources {
        try await ConfigurationSources(flags: given, environment: environment, file: config)
    }

    /// The flag of every setting; a setting without a flag does not compile.
    private subscript(key: ConfigurationKey) -> String? {
        switch key {
        case .redisURL: redisUrl
        case .redisCA: redisCa
        case .fleet: fleet
        case .organizationRoleARN: organizationRoleArn
        case .memberRole: memberRole
        case .externalID: externalId
        case .regions: regions
        case .accounts: accounts
        case .excludeAccounts: excludeAccounts
        case .repositories: repositories
        case .tags: tags
        case .untagged: untagged
        case .imagesPerRepository: imagesPerRepository
        case .scansPerDay: scansPerDay
        case .scanSchedule: scanSchedule
        case .collectSchedule: collectSchedule
        case .sweepOverlap: sweepOverlap
        case .table: table
        case .bucket: bucket
        case .reportPrefix: reportPrefix
        case .hubotURL: hubotUrl
        case .hubotRoom: hubotRoom
        case .hubotToken: hubotToken
        case .chatFormat: chatFormat
        case .routes: routes
        case .suppressions: suppressions
        case .notifySeverity: notifySeverity
        case .notifyWindow: notifyWindow
        case .quietHours: quietHours
        case .digest: digest
        case .concurrency: concurrency
        case .rateFirst: rateFirst
        case .rateFloor: rateFloor
        case .rateCeiling: rateCeiling
        case .listen: listen
        case .logLevel: logLevel
        case .logFormat: logFormat
        }
    }
}

extension Option where Value == String? {
    /// The flag of a setting, with name and help from the table of settings.
    fileprivate init(_ key: ConfigurationKey) {
        let fallback = key.defaultValue.map { "; default \($0)" } ?? ""
        let help = ArgumentHelp(stringLiteral: "\(key.help) (\(key.variable)\(fallback))")
        self.init(name: .customLong(key.flag), help: help)
    }
}
