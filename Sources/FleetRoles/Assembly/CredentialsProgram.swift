internal import AWSCore
internal import EventLoop
internal import Subprocess
internal import Support
internal import SystemPackage

/// Runs the program that a profile names in `credential_process`.
enum CredentialsProgram {
    private static let timeLimit = Duration.seconds(60)
    private static let outputLimit = 64 << 10

    /// Returns the program's standard output; its standard error is discarded, because it may hold secrets.
    ///
    /// - Throws: `CredentialsError` when the program cannot be started, fails, or does not end within a minute.
    static func run(_ command: [String], on loop: EventLoop) async throws -> [UInt8] {
        try await withThrowingTaskGroup(of: [UInt8].self) { group in
            group.addTask { try await output(of: command) }
            group.addTask {
                try await loop.sleep(for: timeLimit)
                throw CredentialsError("the program did not end within \(timeLimit)", disposition: .transient)
            }
            // Ends the task that is left: the program, or the timer.
            defer { group.cancelAll() }
            return try await group.next() ?? []
        }
    }

    private static func output(of command: [String]) async throws -> [UInt8] {
        let program = command.first ?? ""
        let executable: Executable = program.contains("/") ? .path(FilePath(program)) : .name(program)
        do {
            let result = try await Subprocess.run(
                executable,
                arguments: Arguments(Array(command.dropFirst())),
                output: .bytes(limit: outputLimit),
                error: .discarded
            )
            guard result.terminationStatus.isSuccess else {
                let status = result.terminationStatus
                // Most such programs ask a server, whose fault is usually temporary: so the call may be retried.
                throw CredentialsError(
                    "\(program) ended with \(status): run it by hand to see why",
                    disposition: .transient
                )
            }
            return result.standardOutput
        } catch let error as SubprocessError {
            throw CredentialsError("\(program) cannot be run: \(error)")
        }
    }
}
