import ArgumentParser
import EventLoop

/// `scanfleet-faults`: breaks a queue on purpose, and measures it; never shipped.
@main struct FaultsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scanfleet-faults",
        abstract: "Kills, freezes and poisons real processes around a real redis-server, and checks what is left.",
        subcommands: [
            RunCommand.self, BenchmarkCommand.self, WorkerCommand.self, CoordinatorCommand.self, RelayCommand.self,
        ],
        defaultSubcommand: RunCommand.self
    )
}

extension EventLoop {
    /// Runs `body` on a loop of its own, as every process of the fleet does.
    static func running(_ body: @escaping @Sendable (EventLoop) async throws -> Void) async throws {
        let loop = try EventLoop()
        let outcome = await withTaskExecutorPreference(loop) { () -> Result<Void, any Error> in
            do { return .success(try await body(loop)) } catch { return .failure(error) }
        }
        loop.shutdown()
        try outcome.get()
    }
}

/// SplitMix64, so that a seed gives the same choices again.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
