import Domain
import FindingStore
import TestSupport
import Testing

/// `scanfleet sweep` as an operator uses it.
@Suite(.requires("redis-server"), .timeLimit(.minutes(30))) struct SweepCommandTests {
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

    @Test func `Where Inspector scans by now, nothing keeps scans from being started`() async throws {
        try await Fleet.simulated(["--accounts", "3"]) { fleet in
            #expect(try await fleet.run("init").status == 0)
            _ = try await fleet.run("sweep", "collect")
            let registries = try await fleet.store.registries()
            let enhanced = try #require(registries.first { $0.scanType == "ENHANCED" }).registry
            let basic = try #require(registries.first { $0.scanType == "BASIC" }).registry
            let denied = Coverage(.accessDenied, reason: "no ecr:StartImageScan")
            for registry in [enhanced, basic] {
                let place = RepositoryReference(registry: registry, name: RepositoryName(rawValue: "team/former"))
                try await fleet.store.record(.listed(beyondLimit: 3, outOfScope: 1), of: place, by: .collect, token: 1)
                try await fleet.store.record(.refused(denied), of: place, by: .collect, token: 2)
                try await fleet.store.record(.refused(denied), of: place, by: .scan, token: 1)
            }
            _ = try await fleet.run("sweep", "scan")
            let after = try await fleet.store.repositories(in: enhanced)
            #expect(after.map(\.scanObstacle) == [nil])
            #expect(after.map(\.obstacle) == [denied], "what collecting saw stays")
            #expect(after.map(\.imagesBeyondLimit) == [3])
            #expect(try await fleet.store.repositories(in: basic).map(\.scanObstacle) == [denied])
        }
    }
}
