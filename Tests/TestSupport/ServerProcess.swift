internal import Glibc
internal import Subprocess

/// A server program under test, which can be killed, stopped and started again.
package actor ServerProcess {
    private enum Progress: Sendable {
        case started(pid_t)
        case said(String)
    }

    private let program: String
    private let arguments: [String]
    private let isReady: @Sendable (String) -> Bool
    private var running: Task<Void, any Error>?
    private var process: pid_t?

    /// Describes a program that writes a line satisfying `isReady` once it can be used.
    package init(_ program: String, _ arguments: [String], isReady: @escaping @Sendable (String) -> Bool) {
        self.program = program
        self.arguments = arguments
        self.isReady = isReady
    }

    /// Starts the program and waits until it is ready.
    ///
    /// - Throws: `ServerDidNotStart` when it ends instead.
    package func start() async throws {
        precondition(running == nil, "\(program) runs already")
        let (progress, reporter) = AsyncStream.makeStream(of: Progress.self)
        // The program outlives this call; `kill` waits for the task.
        running = Task { [program, arguments] in try await Self.supervise(program, arguments, reporter) }
        var lines: [String] = []
        var ready = false
        for await step in progress {
            switch step {
            case .started(let process): self.process = process
            case .said(let line):
                lines.append(line)
                ready = ready || isReady(line)
            }
            // The program may be ready before the shell has named it, and without its number it could not be killed.
            if ready && process != nil { return }
        }
        let outcome = await running?.result
        (running, process) = (nil, nil)
        throw ServerDidNotStart(program: program, lines: lines, cause: "\(String(describing: outcome))")
    }

    /// Ends the program with SIGKILL and waits for its end; nothing happens when it does not run.
    package func kill() async throws { try await end(by: SIGKILL) }

    /// Ends the program with SIGTERM and waits for its end.
    package func terminate() async throws { try await end(by: SIGTERM) }

    /// Stops the program as if the machine had frozen; its sockets stay open.
    package func pause() { signal(SIGSTOP) }

    /// Lets a paused program go on.
    package func resume() { signal(SIGCONT) }

    private func end(by number: Int32) async throws {
        guard let running else { return }
        signal(number)
        (self.running, process) = (nil, nil)
        try await running.value
    }

    private func signal(_ number: Int32) {
        if let process { Glibc.kill(process, number) }
    }

    private static func supervise(
        _ program: String,
        _ arguments: [String],
        _ reporter: AsyncStream<Progress>.Continuation
    ) async throws {
        defer { reporter.finish() }
        _ = try await run(
            .name("sh"),
            arguments: Arguments(["-c", guardian, "sh", program] + arguments),
            input: .inputWriter,
            output: .sequence,
            error: .combinedWithOutput
        ) { execution in
            for try await line in execution.standardOutput.strings() {
                let process = line.hasPrefix("process ") ? pid_t(line.dropFirst(8).filter(\.isNumber)) : nil
                reporter.yield(process.map(Progress.started) ?? .said(line))
            }
        }
    }

    /// Kills the program when this process ends without having done so, as a crashing test does: the shell then reads
    /// the end of its input.
    private static let guardian = """
        exec 3<&0
        "$@" </dev/null 3<&- &
        program=$!
        (cat <&3; kill -KILL "$program") >/dev/null 2>&1 &
        guardian=$!
        echo "process $program"
        wait "$program"
        kill "$guardian"
        """
}

/// A server that ended before it was ready, with what it said.
package struct ServerDidNotStart: Error, CustomStringConvertible {
    let program: String
    let lines: [String]
    let cause: String

    package var description: String { "\(program) did not start (\(cause)):\n\(lines.joined())" }
}
