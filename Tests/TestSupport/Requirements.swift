internal import FoundationEssentials
internal import Subprocess
package import Testing

extension Trait where Self == ConditionTrait {
    /// Skips where a program is not installed; where SCANFLEET_REQUIRE_SERVERS is set, as in CI, the test runs and fails.
    package static func requires(_ programs: String...) -> Self {
        .enabled("needs \(programs.joined(separator: " and ")), which this machine lacks") {
            if ProcessInfo.processInfo.environment["SCANFLEET_REQUIRE_SERVERS"] != nil { return true }
            for program in programs where await !isInstalled(program) { return false }
            return true
        }
    }

    /// Skips where the published data are absent, in CI too: a clone does not hold them, and each such test has a counterpart
    /// that needs nothing from outside.
    package static var requiresSharedData: Self {
        .enabled("needs SCANFLEET_SHARED_DATA, or shared/data beside the checkout") { SharedData.directory != nil }
    }
}

func isInstalled(_ program: String) async -> Bool {
    do {
        _ = try await Executable.name(program).resolveExecutablePath(in: .inherit)
        return true
    } catch {
        // Not found is the only error that it throws.
        return false
    }
}
