internal import ArgumentParser
internal import Domain
internal import FindingStore
internal import FleetRoles
internal import Notifications
internal import Support

/// `scanfleet messages`: messages that the chat refused for their content.
struct MessagesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "messages",
        abstract: "Lists and resends messages that the chat refused.",
        discussion: """
            A message is set aside where the chat refuses it for its content and accepts another of its room meanwhile, or \
            refuses it for six hours. It is kept for 90 days.
            """,
        subcommands: [MessagesListCommand.self, MessagesResendCommand.self],
        defaultSubcommand: MessagesListCommand.self
    )
}

/// `scanfleet messages list`.
struct MessagesListCommand: AssembledCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists refused messages, one a line: id, when it was written, room, first line."
    )
    @OptionGroup var flags: ConfigurationFlags
    @Flag(help: "print the texts whole") var whole = false

    func run(_ assembly: Assembly) async throws -> ExitStatus {
        try await Preflight(assembly: assembly).check(.table)
        try await assembly.store.forEachMessage(on: .refused) { message, _ in
            print(message.line)
            guard whole else { return }
            for line in message.lines { print("  " + line.printable) }
        }
        return .success
    }
}

/// `scanfleet messages resend`.
struct MessagesResendCommand: AssembledCommand {
    static let configuration = CommandConfiguration(
        commandName: "resend",
        abstract: "Puts refused messages back into the outbox.",
        discussion: """
            The aggregator that leads delivers them within a minute. Exit status 1 where one of them is not there.
            """
    )
    @Argument(help: "ids, as list shows them") var ids: [String] = []
    @Flag(help: "all refused messages") var all = false
    @OptionGroup var flags: ConfigurationFlags

    func validate() throws {
        guard ids.isEmpty == all else { throw ValidationError("name ids, or give --all") }
    }

    func run(_ assembly: Assembly) async throws -> ExitStatus {
        try await Preflight(assembly: assembly).check(.table)
        var chosen: [OutboxMessage] = []
        try await assembly.store.forEachMessage(on: .refused) { message, _ in
            if all || ids.contains(message.id) { chosen.append(message) }
        }
        var resent = 0
        for message in chosen where try await assembly.store.resend(message) { resent += 1 }
        let asked = all ? chosen.count : ids.count
        print("resent \(resent) of \(asked)")
        return resent == asked ? .success : .failure
    }
}

extension OutboxMessage {
    fileprivate var lines: [String] {
        sections.flatMap { $0.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
    }

    fileprivate var line: String {
        "\(id)  \(UTCTime(seconds: Int(at)).text)Z  \(room.printable)  \(lines.first?.printable ?? "")"
    }
}
