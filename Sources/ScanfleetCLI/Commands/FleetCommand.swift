internal import AWSCore
internal import ArgumentParser
internal import EventLoop
internal import FleetRoles
internal import Foundation
internal import HTTPTransport
internal import Redis

/// `scanfleet`, the root of all commands.
struct FleetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scanfleet",
        abstract: "Scans the container images of a whole AWS Organization and announces only what is new.",
        discussion: """
            Exit status: 0 done, 1 failed, 3 a sweep ended with gaps (listed), 64 wrong usage, 69 Redis, the table, the \
            bucket or AWS cannot be reached, 77 a password or credentials were refused or are \
            missing, 78 wrong configuration.
            """,
        version: BuildVersion.text,
        subcommands: [
            CoordinatorCommand.self, WorkerCommand.self, AggregatorCommand.self, SweepCommand.self, InitCommand.self,
            StatusCommand.self, ExportCommand.self, ExplainCommand.self, SuppressionsCommand.self, MessagesCommand.self,
            DeadCommand.self, DoctorCommand.self, ConfigCommand.self, CredentialsCommand.self, HealthCommand.self,
        ]
    )
}

/// The program's entry, so that the executable need not import ArgumentParser.
package enum CommandLineProgram {
    /// Runs the command that the process's arguments name; exits the process when the status is not 0.
    package static func run() async { await FleetCommand.main() }
}

/// A command that needs a checked configuration and an `Assembly`.
protocol AssembledCommand: AsyncParsableCommand {
    var flags: ConfigurationFlags { get }
    static var needsBucket: Bool { get }
    /// Runs the command; the parts are shut down when it returns.
    func run(_ assembly: Assembly) async throws -> ExitStatus
}

extension AssembledCommand {
    static var needsBucket: Bool { false }

    mutating func run() async throws {
        let status = await Self.finish { [flags, self] in
            let environment = ProcessInfo.processInfo.environment
            let sources = try await flags.sources(environment: environment)
            let settings = try Settings(sources, environment: environment, needsBucket: Self.needsBucket)
            let loop = try EventLoop()
            let status = try await withTaskExecutorPreference(loop) {
                let assembly = try Assembly(settings, loop: loop)
                do {
                    let status = try await self.run(assembly)
                    await assembly.shutdown()
                    return status
                } catch {
                    await assembly.shutdown()
                    throw error
                }
            }
            loop.shutdown()
            return status
        }
        guard status == .success else { throw ExitCode(status.rawValue) }
    }

    /// Prints the problems on standard error, one per line, and returns their exit status.
    static func finish(_ body: () async throws -> ExitStatus) async -> ExitStatus {
        do {
            return try await body()
        } catch let error as ConfigurationProblems {
            complain(error.problems)
            return .configuration
        } catch let error as CommandFailure {
            complain(error.problems)
            return error.status
        } catch let error as AWSServiceError where error.isAccessDenied || error.isAboutSignature {
            complain(["\(error): allow the action, or check the credentials"])
            return .refused
        } catch let error as CredentialsError {
            complain([error.description])
            return .refused
        } catch let error where error is RedisError || error is HTTPTransportError {
            complain(["\(error)"])
            return .unavailable
        } catch {
            complain(["\(error)"])
            return .failure
        }
    }

    private static func complain(_ lines: [String]) {
        let text = lines.map { "scanfleet: \($0)\n" }.joined()
        FileHandle.standardError.write(Data(text.utf8))
    }
}
