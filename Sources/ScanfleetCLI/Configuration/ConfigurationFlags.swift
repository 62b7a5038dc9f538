internal import ArgumentParser

/// A flag for every setting; what is given here overrides environment and file.
package struct ConfigurationFlags: ParsableArguments {
    @Option(help: ArgumentHelp("a file of NAME=value lines with the same names as the environment", valueName: "file"))
    var config: String?

    @Option(help: ConfigurationKey.redisURL.argumentHelp) var redisUrl: String?
    @Option(help: ConfigurationKey.redisCA.argumentHelp) var redisCa: String?
    @Option(help: ConfigurationKey.fleet.argumentHelp) var fleet: String?
    @Option(help: ConfigurationKey.organizationRoleARN.argumentHelp) var organizationRoleArn: String?
    @Option(help: ConfigurationKey.memberRole.argumentHelp) var memberRole: String?
    @Option(help: ConfigurationKey.externalID.argumentHelp) var externalId: String?
    @Option(help: ConfigurationKey.regions.argumentHelp) var regions: String?
    @Option(help: ConfigurationKey.accounts.argumentHelp) var accounts: String?
    @Option(help: ConfigurationKey.excludeAccounts.argumentHelp) var excludeAccounts: String?
    @Option(help: ConfigurationKey.repositories.argumentHelp) var repositories: String?
    @Option(help: ConfigurationKey.tags.argumentHelp) var tags: String?
    @Option(help: ConfigurationKey.untagged.argumentHelp) var untagged: String?
    @Option(help: ConfigurationKey.imagesPerRepository.argumentHelp) var imagesPerRepository: String?
    @Option(help: ConfigurationKey.scansPerDay.argumentHelp) var scansPerDay: String?
    @Option(help: ConfigurationKey.scanSchedule.argumentHelp) var scanSchedule: String?
    @Option(help: ConfigurationKey.collectSchedule.argumentHelp) var collectSchedule: String?
    @Option(help: ConfigurationKey.sweepOverlap.argumentHelp) var sweepOverlap: String?
    @Option(help: ConfigurationKey.table.argumentHelp) var table: String?
    @Option(help: ConfigurationKey.bucket.argumentHelp) var bucket: String?
    @Option(help: ConfigurationKey.reportPrefix.argumentHelp) var reportPrefix: String?
    @Option(help: ConfigurationKey.hubotURL.argumentHelp) var hubotUrl: String?
    @Option(help: ConfigurationKey.hubotRoom.argumentHelp) var hubotRoom: String?
    @Option(help: ConfigurationKey.hubotToken.argumentHelp) var hubotToken: String?
    @Option(help: ConfigurationKey.chatFormat.argumentHelp) var chatFormat: String?
    @Option(help: ConfigurationKey.routes.argumentHelp) var routes: String?
    @Option(help: ConfigurationKey.suppressions.argumentHelp) var suppressions: String?
    @Option(help: ConfigurationKey.notifySeverity.argumentHelp) var notifySeverity: String?
    @Option(help: ConfigurationKey.notifyWindow.argumentHelp) var notifyWindow: String?
    @Option(help: ConfigurationKey.quietHours.argumentHelp) var quietHours: String?
    @Option(help: ConfigurationKey.digest.argumentHelp) var digest: String?
    @Option(help: ConfigurationKey.concurrency.argumentHelp) var concurrency: String?
    @Option(help: ConfigurationKey.listen.argumentHelp) var listen: String?
    @Option(help: ConfigurationKey.logLevel.argumentHelp) var logLevel: String?
    @Option(help: ConfigurationKey.logFormat.argumentHelp) var logFormat: String?

    package init() {}

    /// What was given.
    var given: [ConfigurationKey: String] {
        let all: [ConfigurationKey: String?] = [
            .redisURL: redisUrl, .redisCA: redisCa, .fleet: fleet, .organizationRoleARN: organizationRoleArn,
            .memberRole: memberRole, .externalID: externalId, .regions: regions, .accounts: accounts,
            .excludeAccounts: excludeAccounts, .repositories: repositories, .tags: tags, .untagged: untagged,
            .imagesPerRepository: imagesPerRepository,
            .scansPerDay: scansPerDay, .scanSchedule: scanSchedule, .collectSchedule: collectSchedule,
            .sweepOverlap: sweepOverlap, .table: table, .bucket: bucket,
            .reportPrefix: reportPrefix, .hubotURL: hubotUrl, .hubotRoom: hubotRoom, .hubotToken: hubotToken,
            .chatFormat: chatFormat, .routes: routes, .suppressions: suppressions,
            .notifySeverity: notifySeverity, .notifyWindow: notifyWindow, .quietHours: quietHours, .digest: digest,
            .concurrency: concurrency, .listen: listen, .logLevel: logLevel,
            .logFormat: logFormat,
        ]
        return all.compactMapValues { $0 }
    }

    /// Joins flags, environment and file.
    func sources(environment: [String: String]) async throws(ConfigurationProblems) -> ConfigurationSources {
        try await ConfigurationSources(flags: given, environment: environment, file: config)
    }
}

extension ConfigurationKey {
    fileprivate var argumentHelp: ArgumentHelp {
        let fallback = defaultValue.map { "; default \($0)" } ?? ""
        return ArgumentHelp(stringLiteral: "\(help) (\(variable)\(fallback))")
    }
}
