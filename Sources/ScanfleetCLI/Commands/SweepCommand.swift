internal import ArgumentParser
internal import Discovery
internal import Domain
internal import FindingStore
internal import FleetRoles
internal import JobQueue
internal import Support

/// `scanfleet sweep`: starts and cancels sweeps by hand.
struct SweepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract: "Starts one sweep now, ahead of scheduled work, or cancels one.",
        subcommands: [SweepStartCommand.self, SweepCancelCommand.self],
        defaultSubcommand: SweepStartCommand.self
    )
}

/// `scanfleet sweep cancel`.
struct SweepCancelCommand: AssembledCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Stops a sweep: nothing of it starts any more, and what runs is called off within seconds.",
        discussion: "Exit status 1 where the sweep is unknown, had ended or was cancelled before."
    )
    @Argument(help: "the sweep's id, as status shows it") var id: String
    @OptionGroup var flags: ConfigurationFlags

    func run(_ assembly: Assembly) async throws -> ExitStatus {
        try await Preflight(assembly: assembly).check(.redis)
        do {
            guard try await assembly.sweepRegistry.cancel(id) else {
                throw CommandFailure(["\(id.printable) had ended or was cancelled before"], status: .failure)
            }
        } catch let error as QueueError {
            throw CommandFailure(["\(error)"], status: .failure)
        }
        print("\(id.printable) cancelled")
        return .success
    }
}

/// `scanfleet sweep scan|collect`.
struct SweepStartCommand: AssembledCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Starts one sweep now, ahead of scheduled work.",
        discussion:
            "With --wait it shows progress and ends when the last job has: 0 complete, 3 complete with gaps, 1 failed."
    )

    @Argument(help: "scan starts the scans that are due, collect reads findings") var kind: SweepKind
    @OptionGroup var flags: ConfigurationFlags
    @Option(help: "only this account; may be repeated") var account: [String] = []
    @Option(help: "only this region, of the configured ones; may be repeated") var region: [String] = []
    @Option(help: "only those of the configured repositories that fit this glob; may be repeated")
    var repository: [String] = []
    @Flag(help: "show progress and end with the sweep") var wait = false

    func run(_ assembly: Assembly) async throws -> ExitStatus {
        let narrowing = SweepFilter(accounts: account, regions: region, repositories: repository)
        let scope = try narrowing.narrowed(assembly.settings.sweeps.scope)
        try await Preflight(assembly: assembly).check([.redis, .table])
        let slot =
            UTCTime(seconds: Int(Assembly.now())).compactText + "."
            + String(UInt16.random(in: .min ... .max), radix: 36)
        let id = SweepID.adHoc(kind, at: slot)
        let enqueue = {
            try await SweepEnqueuer(assembly: assembly).start(id, scope: scope, priority: .now, fence: nil)
        }
        let summary = try await enqueue()
        print(
            "\(id): \(summary.repositories) repositories of \(summary.registries) registries in \(summary.accounts) accounts"
        )
        if summary.inspected > 0 { print("\(summary.inspected) repositories are scanned by Inspector and left to it") }
        for line in summary.gapLines { print(line) }
        guard wait else { return summary.gaps == 0 ? .success : .gaps }
        return try await SweepWatch(assembly: assembly, id: id, scope: scope, enqueue: enqueue).run(summary)
    }
}

extension SweepKind: ExpressibleByArgument {}

extension DiscoverySummary {
    /// A line for every account and registry that could not be read.
    fileprivate var gapLines: [String] {
        let accounts = accountObstacles.sorted { $0.account.id < $1.account.id }.map {
            "gap: account \($0.account.id): \($0.obstacle?.line ?? "")"
        }
        let registries = registryObstacles.sorted { $0.registry < $1.registry }.map {
            "gap: \($0.registry): \($0.obstacle?.line ?? "")"
        }
        let unknownAccounts = unknownAccounts.map {
            "gap: account \($0): it is not in the organization, or the configuration leaves it out"
        }
        return unknownAccounts + accounts + registries
    }
}

extension Coverage {
    /// State and reason in one line; control characters are removed, because the reason quotes AWS.
    var line: String {
        (reason.map { "\(state.rawValue): \($0)" } ?? state.rawValue).printable
    }
}
