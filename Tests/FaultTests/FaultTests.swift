import Foundation
import TestSupport
import Testing

/// The short set of the experiments, as `ops/faults --short` runs it.
@Suite(.serialized, .requires("redis-server"), .timeLimit(.minutes(30))) struct FaultTests {
    @Test(arguments: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16"])
    func `What dies, freezes or is poison loses nothing and counts nothing twice`(experiment: String) async throws {
        // The test bundle is itself an executable in the folder of the products.
        let tests = URL(filePath: CommandLine.arguments[0]).standardizedFileURL
        let program = tests.deletingLastPathComponent().appending(path: "scanfleet-faults").path()
        let outcome = try await ProgramRun(program, ["run", "--short", "--experiment", experiment])
        #expect(outcome.isSuccess, "\(outcome.output)")
    }
}
