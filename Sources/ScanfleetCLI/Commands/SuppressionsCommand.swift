internal import ArgumentParser
internal import Domain
internal import FindingStore
internal import FleetRoles
internal import Notifications
internal import Support

/// `scanfleet suppressions`: the rules by which findings are not announced.
struct SuppressionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suppressions",
        abstract: "Shows what the rules of SCANFLEET_SUPPRESSIONS keep from being announced.",
        subcommands: [SuppressionsCheckCommand.self],
        defaultSubcommand: SuppressionsCheckCommand.self
    )
}

/// `scanfleet suppressions check`.
struct SuppressionsCheckCommand: AssembledCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Tries the rules on everything that is stored, and changes nothing.",
        discussion: "Exit status 1 where a rule has ended or matches nothing."
    )
    @OptionGroup var flags: ConfigurationFlags

    func run(_ assembly: Assembly) async throws -> ExitStatus {
        let notifications = assembly.settings.notifications
        guard !notifications.suppressions.rules.isEmpty else {
            print("no rules: SCANFLEET_SUPPRESSIONS names the file that holds them")
            return .success
        }
        try await Preflight(assembly: assembly).check(.table)
        var census = SuppressionUsage(notifications.suppressions, threshold: notifications.severity)
        for registry in try await assembly.store.registries() {
            for try await image in assembly.store.images(in: registry.registry) {
                census.add(image.status.findings, at: image.place)
            }
        }
        let now = Assembly.now()
        for (rule, count) in zip(census.rules, census.counts) { print(Self.text(rule, count, at: now)) }
        let needsCare = zip(census.rules, census.counts).contains { rule, count in
            [.expired, .matchesNothing].contains(rule.cause(covering: count.findings, at: now))
        }
        return needsCare ? .failure : .success
    }

    private static func text(_ rule: Suppression, _ count: SuppressionUsage.Count, at now: Double) -> String {
        let day = UTCTime(seconds: Int(rule.expires) - 1).text.prefix(10)
        let state =
            switch rule.cause(covering: count.findings, at: now) {
            case .expired: "ended after \(day)"
            case .expiresSoon: "in force, ends soon, after \(day)"
            case .matchesNothing: "matches nothing, until \(day)"
            case nil: "in force until \(day)"
            }
        let facts = "\(rule): \(state); \(count.findings) findings in \(count.images) images; \(rule.reason)"
        return ([facts.printable] + count.examples.map { "  " + $0.printable }).joined(separator: "\n")
    }
}
