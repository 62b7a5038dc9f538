internal import FoundationEssentials
package import Testing

/// A moto server of a test's own: AWS by someone else's hand, on a port of the loopback interface.
package struct MotoServer: Sendable {
    /// The plain HTTP address, for `AWS_ENDPOINT_URL`.
    package let url: String

    /// The program named by SCANFLEET_MOTO_SERVER, or the one that the path holds.
    static var program: String { ProcessInfo.processInfo.environment["SCANFLEET_MOTO_SERVER"] ?? "moto_server" }

    /// Starts a server, lends it to `body` and kills it.
    ///
    /// With `canCheckSignatures`, POSTing `0` to `/moto-api/reset-auth` switches the check of signatures on; it is off at
    /// first, so that users and keys can be made.
    package static func with<Result>(
        canCheckSignatures: Bool = false,
        _ body: (MotoServer) async throws -> Result
    ) async throws -> Result {
        let (server, process) = try await start(canCheckSignatures: canCheckSignatures)
        let outcome: Swift.Result<Result, any Error>
        do {
            outcome = .success(try await body(server))
        } catch {
            outcome = .failure(error)
        }
        try await process.kill()
        return try outcome.get()
    }

    /// Tries other ports when another process took one in between.
    private static func start(canCheckSignatures: Bool) async throws -> (MotoServer, ServerProcess) {
        for _ in 0..<4 {
            do {
                return try await attempt(canCheckSignatures: canCheckSignatures)
            } catch let error as ServerDidNotStart where error.description.contains("in use") {
                continue
            }
        }
        return try await attempt(canCheckSignatures: canCheckSignatures)
    }

    private static func attempt(canCheckSignatures: Bool) async throws -> (MotoServer, ServerProcess) {
        let port = try FreePort.next()
        // env sets what moto reads and then becomes moto, so that the signals reach it.
        let settings = canCheckSignatures ? ["INITIAL_NO_AUTH_ACTION_COUNT=100000"] : []
        let command = settings + [program, "-H", "127.0.0.1", "-p", String(port)]
        let process = ServerProcess("env", command) { $0.contains("Running on http") }
        try await process.start()
        return (MotoServer(url: "http://127.0.0.1:\(port)"), process)
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips where moto is not installed; where SCANFLEET_REQUIRE_SERVERS is set, as in CI, the test runs and fails.
    package static var requiresMotoServer: Self {
        .enabled("needs moto_server in the path or SCANFLEET_MOTO_SERVER to name it") {
            let environment = ProcessInfo.processInfo.environment
            if environment["SCANFLEET_REQUIRE_SERVERS"] != nil || environment["SCANFLEET_MOTO_SERVER"] != nil {
                return true
            }
            return await isInstalled("moto_server")
        }
    }
}
