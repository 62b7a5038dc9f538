import Discovery
import Domain
import FleetRoles
import Testing

@testable import ScanfleetCLI

@Suite struct NarrowingTests {
    private let ireland = RegionName(rawValue: "eu-west-1")

    @Test func `Flags leave a part of what is configured, and the rest is not left out for good`() throws {
        let configured = DiscoveryScope(
            regions: .listed([ireland, RegionName(rawValue: "us-east-1")]),
            repositories: [Glob("team/*")]
        )
        #expect(try SweepFilter().narrowed(configured) == configured)
        let scope = try SweepFilter(regions: ["eu-west-1"], repositories: ["other/*", "*/app"]).narrowed(configured)
        #expect(scope.isNarrowed)
        #expect(scope.regions == .listed([ireland]))
        #expect(scope.includes(RepositoryName(rawValue: "team/app")))
        #expect(!scope.includes(RepositoryName(rawValue: "other/app")))
    }

    @Test func `An account or a region that the configuration leaves out is refused`() throws {
        let (one, two) = (AccountID(rawValue: "111111111111"), "222222222222")
        let configured = DiscoveryScope(
            accounts: AccountSelection(included: [.id(one)]),
            regions: .listed([ireland])
        )
        for wrong in [
            SweepFilter(accounts: [two]), SweepFilter(accounts: ["12"]),
            SweepFilter(regions: ["eu-west-1", "us-east-1"]),
        ] {
            let failure = #expect(throws: CommandFailure.self) { try wrong.narrowed(configured) }
            #expect(failure?.status == .configuration)
        }
        #expect(try SweepFilter(regions: ["us-east-1"]).narrowed(DiscoveryScope()).isNarrowed, "auto takes any")
    }
}
