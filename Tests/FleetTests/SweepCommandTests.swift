import TestSupport
import Testing

/// `scanfleet sweep` as an operator uses it.
@Suite(.requires("redis-server"), .timeLimit(.minutes(5))) struct SweepCommandTests {
    @Test func `A sweep is cancelled once, and what had ended is not said to be`() async throws {
        try await Fleet.simulated(["--accounts", "1"]) { fleet in
            #expect(try await fleet.run("init").status == 0)
            let started = try await fleet.run("sweep", "collect")
            let id = try #require(started.output.split(separator: ":").first.map(String.init))
            let first = try await fleet.run("sweep", "cancel", id)
            #expect(first.status == 0, "\(first.errors)")
            #expect(first.output == "\(id) cancelled\n")
            let second = try await fleet.run("sweep", "cancel", id)
            #expect(second.status == 1)
            #expect(second.output == "")
            #expect(second.errors.contains("\(id) had ended or was cancelled before"))
            #expect(try await fleet.run("sweep", "cancel", "collect-nothing").status == 1)
        }
    }

    @Test func `Flags reach nothing that the configuration leaves out`() async throws {
        try await Fleet.simulated(["--accounts", "1"]) { fleet in
            #expect(try await fleet.run("init").status == 0)
            let region = try await fleet.run("sweep", "collect", "--region", "me-south-1")
            #expect(region.status == 78)
            #expect(region.errors.contains("--region: me-south-1 is left out by the configuration"))
            let narrow: [String: String?] = ["SCANFLEET_REPOSITORIES": "team/*"]
            let other = try await fleet.run("sweep", "collect", "--repository", "platform/*", with: narrow)
            #expect(other.status == 0, "\(other.errors)")
            #expect(other.output.contains(": 0 repositories of "), "\(other.output)")
        }
    }
}
