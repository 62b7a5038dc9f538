internal import ArgumentParser
internal import FleetRoles

/// `scanfleet coordinator`.
struct CoordinatorCommand: AssembledCommand {
    static let configuration = CommandConfiguration(
        commandName: "coordinator",
        abstract: "Starts sweeps on their schedule; any number may run, one leads."
    )
    @OptionGroup var flags: ConfigurationFlags

    func run(_ assembly: Assembly) async throws -> ExitStatus {
        try await Preflight(assembly: assembly).check([.redis, .table])
        try await RoleProcess(assembly: assembly).run(.coordinator)
        return .success
    }
}

/// `scanfleet worker`.
struct WorkerCommand: AssembledCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Scans and collects repositories from the queue; run as many as the quotas feed."
    )
    @OptionGroup var flags: ConfigurationFlags

    func run(_ assembly: Assembly) async throws -> ExitStatus {
        try await Preflight(assembly: assembly).check([.redis, .table])
        try await RoleProcess(assembly: assembly).run(.worker)
        return .success
    }
}

/// `scanfleet aggregator`.
struct AggregatorCommand: AssembledCommand {
    static let configuration = CommandConfiguration(
        commandName: "aggregator",
        abstract: "Follows the table's stream, writes the report and announces what is new."
    )
    static let needsBucket = true
    @OptionGroup var flags: ConfigurationFlags

    func run(_ assembly: Assembly) async throws -> ExitStatus {
        try await Preflight(assembly: assembly).check([.redis, .table, .bucket])
        try await RoleProcess(assembly: assembly).run(.aggregator)
        return .success
    }
}
