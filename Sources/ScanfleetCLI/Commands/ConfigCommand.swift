internal import ArgumentParser
internal import FleetRoles
internal import Foundation

/// `scanfleet config`.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Shows every setting with its effective value and what gave it; secrets are not shown."
    )
    @OptionGroup var flags: ConfigurationFlags

    mutating func run() async throws {
        let status = await StatusCommand.finish { [flags] in
            let environment = ProcessInfo.processInfo.environment
            let sources = try await flags.sources(environment: environment)
            for key in ConfigurationKey.allCases {
                let found = sources.find(key)
                let value = found.map { key.isSecret && $0.source != "default" ? "<secret>" : $0.value } ?? "not set"
                print("\(key.variable) = \(value)  (\(found?.source ?? "none"))")
            }
            _ = try Settings(sources, environment: environment)
            return .success
        }
        guard status == .success else { throw ExitCode(status.rawValue) }
    }
}
