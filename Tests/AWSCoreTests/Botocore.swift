internal import FoundationEssentials
internal import Subprocess
internal import Testing

/// AWS' own client, asked by scripts what it would do.
enum Botocore {
    private static var python: String { ProcessInfo.processInfo.environment["SCANFLEET_PYTHON"] ?? "python3" }

    /// What one of Tests/Scripts prints.
    static func output(of script: String, _ argument: String) async throws -> String {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Scripts")
        let outcome = try await run(
            .name("env"),
            arguments: [python, folder.appending(path: script).standardized.path, argument],
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        try #require(outcome.terminationStatus.isSuccess, "\(outcome.standardError)")
        return outcome.standardOutput
    }

    static func isInstalled() async -> Bool {
        do {
            let outcome = try await run(
                .name("env"),
                arguments: [python, "-c", "import botocore"],
                output: .discarded,
                error: .discarded
            )
            return outcome.terminationStatus.isSuccess
        } catch {
            // No interpreter: as good as no botocore.
            return false
        }
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips without botocore; where SCANFLEET_REQUIRE_SERVERS is set, the test runs and fails.
    static var requiresBotocore: Self {
        .enabled("needs python3, or the interpreter that SCANFLEET_PYTHON names, with botocore") {
            if ProcessInfo.processInfo.environment["SCANFLEET_REQUIRE_SERVERS"] != nil { return true }
            return await Botocore.isInstalled()
        }
    }
}
