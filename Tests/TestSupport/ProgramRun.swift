internal import FoundationEssentials
internal import Subprocess

/// What a program that ran to its end said on both of its outputs.
package struct ProgramRun: Sendable {
    package let isSuccess: Bool
    package let output: String

    /// Runs an installed program, with further environment variables beside those of the tests.
    package init(
        _ program: String,
        _ arguments: [String],
        environment: [String: String] = [:]
    ) async throws {
        let settings = environment.map { "\($0.key)=\($0.value)" }
        let result = try await run(
            .name("env"),
            arguments: Arguments(settings + [program] + arguments),
            output: .string(limit: 1_000_000),
            error: .combinedWithOutput
        )
        isSuccess = result.terminationStatus.isSuccess
        output = result.standardOutput
    }

    /// Runs one suite of this very test program in a process of its own.
    package init(again suite: String, environment: [String: String]) async throws {
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        try await self.init(
            program,
            ["--testing-library", "swift-testing", "--filter", suite],
            environment: environment
        )
    }
}
