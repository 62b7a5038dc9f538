internal import AdminServer
internal import ArgumentParser
internal import EventLoop
internal import FleetRoles
internal import Foundation
internal import HTTPTransport

/// `scanfleet health`: the health check of an image that holds no shell and no curl.
struct HealthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Asks the role that listens on this machine whether it lives, or with --ready, whether it can work."
    )
    @Flag(help: "Ask /readyz in place of /healthz.") var ready = false
    @OptionGroup var flags: ConfigurationFlags

    mutating func run() async throws {
        let status = await StatusCommand.finish { [flags, ready] in
            let sources = try await flags.sources(environment: ProcessInfo.processInfo.environment)
            guard let listen = sources.find(.listen).flatMap({ ListenAddress($0.value) }) else {
                throw ConfigurationProblems(["SCANFLEET_LISTEN: host:port with a numeric host"])
            }
            return try await Self.ask(listen.reachable + (ready ? "/readyz" : "/healthz"))
        }
        guard status == .success else { throw ExitCode(status.rawValue) }
    }

    private static func ask(_ url: String) async throws -> ExitStatus {
        let loop = try EventLoop()
        defer { loop.shutdown() }
        return try await withTaskExecutorPreference(loop) {
            let transport = try CurlTransport(loop: loop)
            var request = HTTPRequest(method: "GET", url: url)
            request.timeout = .seconds(5)
            request.bypassesProxies = true
            do {
                let answer = try await transport.client.send(request)
                await transport.shutdown()
                print(String(decoding: answer.body, as: UTF8.self), terminator: "")
                return answer.status == 200 ? .success : .failure
            } catch {
                await transport.shutdown()
                throw error
            }
        }
    }
}

extension ListenAddress {
    /// The address to connect to from this machine: the loopback address if the server listens on all interfaces.
    fileprivate var reachable: String {
        switch host {
        case "0.0.0.0": "http://127.0.0.1:\(port)"
        case "::": "http://[::1]:\(port)"
        default: "http://\(self)"
        }
    }
}
