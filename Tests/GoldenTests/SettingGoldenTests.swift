import ArgumentParser
import FleetRoles
import Testing

@testable import ScanfleetCLI

/// What a deployment sets: the names, the defaults, and the flags of every command.
@Suite struct SettingGoldenTests {
    @Test func `Every setting's variable and default`() throws {
        let lines = ConfigurationKey.allCases.map { key in
            "\(key.variable) = \(key.defaultValue ?? "not set")\(key.isSecret ? " (secret)" : "")\n"
        }
        try expectGolden(lines.sorted().joined(), "Settings/variables.txt")
    }

    /// What `--help` says of them is free to change.
    @Test func `Every command's flags`() throws {
        let commands = Self.commands(FleetCommand.self, under: "")
        let everywhere = commands.map(\.flags).filter { $0.contains("--config") }
        let shared = everywhere.dropFirst().reduce(everywhere.first ?? []) { $0.intersection($1) }
        // Three settings have no flag yet; nothing else may come or go.
        let settings = shared.subtracting(["--rate-first", "--rate-floor", "--rate-ceiling"]).sorted()
        var text = "settings: \(settings.joined(separator: " "))\n"
        for command in commands {
            let own = command.flags.subtracting(shared).sorted()
            text += "\(command.name)\(command.flags.contains("--config") ? " with settings" : "")"
            text += own.map { " \($0)" }.joined() + "\n"
        }
        try expectGolden(text, "Settings/flags.txt")
    }

    @Test func `Every exit code`() throws {
        let codes = (Int32(0)...255).filter { ExitStatus(rawValue: $0) != nil }
        try expectGolden(codes.map { "\($0)\n" }.joined(), "Settings/exit-codes.txt")
    }

    /// The command with its flags, then its subcommands.
    private static func commands(
        _ command: any ParsableCommand.Type,
        under parent: String
    ) -> [(name: String, flags: Set<String>)] {
        let name = parent + (command.configuration.commandName ?? "unnamed")
        let flags = command.helpMessage(columns: 200).matches(of: /(?m)^ +(?:-\w, )?(--[a-z0-9-]+(?:\/--[a-z0-9-]+)*)/)
        let own = (name: name, flags: Set(flags.map { String($0.output.1) }))
        return [own] + command.configuration.subcommands.flatMap { commands($0, under: name + " ") }
    }
}
