internal import ArgumentParser
internal import FleetRoles
internal import JSON
internal import JobQueue
internal import Support

/// `scanfleet dead`: dead letters, the jobs that were given up.
struct DeadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead",
        abstract: "Lists, explains, replays and drops jobs that were given up.",
        discussion: """
            A job is given up after six failed attempts, after three deaths of its worker, or at once where no attempt can \
            succeed. It stays listed until it is replayed or dropped; the coordinator drops it 30 days later where its sweep has expired.
            """,
        subcommands: [DeadListCommand.self, DeadShowCommand.self, DeadReplayCommand.self, DeadDropCommand.self],
        defaultSubcommand: DeadListCommand.self
    )
}

/// `scanfleet dead list`.
struct DeadListCommand: AssembledCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the newest dead letters, one a line: id, job, sweep, tries, crashes, reason."
    )
    @OptionGroup var flags: ConfigurationFlags
    @Option(help: "how many at most") var limit = 100
    @Flag(help: "print an array of objects") var json = false

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be above 0") }
    }

    func run(_ assembly: Assembly) async throws -> ExitStatus {
        try await Preflight(assembly: assembly).check(.redis)
        let letters = try await assembly.queue.deadLetters(limit: limit)
        if json {
            print(String(decoding: letters.json, as: UTF8.self))
        } else {
            for letter in letters { print(letter.line) }
        }
        return .success
    }
}

/// `scanfleet dead show`.
struct DeadShowCommand: AssembledCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows one dead letter whole, and whether it can be replayed."
    )
    @Argument(help: "the letter's id, as list shows it") var id: DeadLetterID
    @OptionGroup var flags: ConfigurationFlags

    func run(_ assembly: Assembly) async throws -> ExitStatus {
        try await Preflight(assembly: assembly).check(.redis)
        guard let letter = try await assembly.queue.deadLetter(id.text) else {
            throw CommandFailure(
                ["there is no dead letter \(id.text): scanfleet dead list names all"],
                status: .failure
            )
        }
        let sweep = try await assembly.sweepRegistry.sweep(letter.sweep)
        for (name, value) in letter.facts { print("\(name): \(value)") }
        print("replay: \(sweep.obstacleToReplay ?? "scanfleet dead replay \(letter.id)")")
        return .success
    }
}

/// `scanfleet dead replay`.
struct DeadReplayCommand: AssembledCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Re-queues dead jobs with a fresh retry budget.",
        discussion: "Exit status 1 where some could not be replayed, because their sweep has expired or was cancelled."
    )
    @OptionGroup var chosen: DeadLetterChoice
    @OptionGroup var flags: ConfigurationFlags

    func run(_ assembly: Assembly) async throws -> ExitStatus {
        try await Preflight(assembly: assembly).check(.redis)
        let (replayed, count) = try await chosen.each(in: assembly.queue) { try await assembly.queue.replay($0) }
        print("replayed \(replayed) of \(count)")
        return replayed == count ? .success : .failure
    }
}

/// `scanfleet dead drop`.
struct DeadDropCommand: AssembledCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop",
        abstract: "Drops dead letters for good; their sweeps count them as dead all the same.",
        discussion: "Exit status 1 where some were not there."
    )
    @OptionGroup var chosen: DeadLetterChoice
    @OptionGroup var flags: ConfigurationFlags

    func run(_ assembly: Assembly) async throws -> ExitStatus {
        try await Preflight(assembly: assembly).check(.redis)
        let (dropped, count) = try await chosen.each(in: assembly.queue) { try await assembly.queue.drop($0) }
        print("dropped \(dropped) of \(count)")
        return dropped == count ? .success : .failure
    }
}

/// The flags that choose dead letters: ids, `--all` or `--sweep`; exactly one of the three.
struct DeadLetterChoice: ParsableArguments {
    @Argument(help: "ids, as list shows them") var ids: [DeadLetterID] = []
    @Flag(help: "all dead letters") var all = false
    @Option(help: "all dead letters of this sweep") var sweep: String?

    func validate() throws {
        guard [!ids.isEmpty, all, sweep != nil].filter({ $0 }).count == 1 else {
            throw ValidationError("name ids, or give --all or --sweep")
        }
    }

    /// Calls `body` with up to 100 ids at a time; returns for how many it succeeded, and how many were chosen.
    func each(in queue: JobQueue, _ body: ([String]) async throws -> Int) async throws -> (done: Int, count: Int) {
        let chosen = ids.isEmpty ? try await everything(in: queue) : ids.map(\.text)
        var done = 0
        for start in stride(from: 0, to: chosen.count, by: 100) {
            done += try await body(Array(chosen[start..<min(start + 100, chosen.count)]))
        }
        return (done, chosen.count)
    }

    /// Returns all chosen ids, the oldest first, so that jobs are replayed in the order in which they died.
    private func everything(in queue: JobQueue) async throws -> [String] {
        var found: [String] = []
        var last: String?
        while true {
            let letters = try await queue.deadLetters(limit: 1000, before: last)
            guard let oldest = letters.last else { return found.reversed() }
            found += letters.filter { sweep == nil || $0.sweep == sweep }.map(\.id)
            last = oldest.id
        }
    }
}

/// A dead letter's id: milliseconds since 1970, a dash, a number.
struct DeadLetterID: ExpressibleByArgument {
    let text: String

    init?(argument: String) {
        let parts = argument.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ UInt64($0) != nil }) else { return nil }
        text = argument
    }
}

extension SweepProgress? {
    /// Why dead letters of this sweep cannot be replayed; nil when they can.
    fileprivate var obstacleToReplay: String? {
        guard let self else { return "impossible, its sweep has expired; a later sweep looks at the repository again" }
        return self.isStopped ? "impossible, its sweep was cancelled" : nil
    }
}

extension DeadLetter {
    /// When the job was given up, which its id says.
    private var time: String {
        let milliseconds = id.prefix { $0 != "-" }
        return UTCTime(seconds: (Int(milliseconds) ?? 0) / 1000).text + "Z"
    }

    fileprivate var facts: [(String, String)] {
        [
            ("id", id), ("given up", time), ("job", payload.printable), ("bucket", bucket.printable),
            ("sweep", sweep.printable), ("tries", String(tries)), ("crashes", String(crashes)),
            ("reason", reason.printable),
        ]
    }

    fileprivate var line: String {
        "\(id)  \(payload.printable)  \(sweep.printable)  tries \(tries)  crashes \(crashes)  \(reason.printable.prefix(120))"
    }
}

extension [DeadLetter] {
    fileprivate var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginArray()
        for letter in self {
            writer.beginObject()
            for (name, value) in [
                ("id", letter.id), ("sweep", letter.sweep), ("bucket", letter.bucket), ("payload", letter.payload),
                ("reason", letter.reason),
            ] {
                writer.key(name)
                writer.string(value)
            }
            for (name, value) in [("tries", letter.tries), ("crashes", letter.crashes)] {
                writer.key(name)
                writer.number(value)
            }
            writer.endObject()
        }
        writer.endArray()
        return writer.drain()
    }
}
