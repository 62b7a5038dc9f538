import AWSCore
import AWSServices
import Domain
import FindingStore
import Foundation
import Logging
import RegistryAccess
import Scanning
import Support
import TestSupport
import Testing

/// A repository that AWS does not let the fleet look into for hours.
@Suite(.serialized, .requires("redis-server"), .timeLimit(.minutes(30))) struct PatienceTests {
    private struct Anything: Decodable {
        init(from decoder: any Decoder) {}
    }

    @Test func `Throttling consumes no try, and after hours it is a gap that says so`() async throws {
        try await Fleet.simulated(["--accounts", "2"]) { fleet in
            _ = try await fleet.run("init")
            let truth = try await fleet.page(path: "/_truth", as: Truth.self).images
            let place = try #require(truth.keys.first).repository
            _ = try await fleet.page("POST", path: "/_fail?service=ecr&throttle=1", as: Anything.self)
            let credentials = Credentials(accessKeyID: fleet.keys.id, secretAccessKey: Secret(fleet.keys.secret))
            let sessions = RoleSessions(
                runtime: try fleet.runtime,
                source: StaticCredentials(credentials),
                region: "us-east-1",
                roleName: "ScanfleetMember",
                externalID: nil,
                sessionName: "test"
            )
            let work = RepositoryJob(
                access: RegistryAccess(runtime: try fleet.runtime, sessions: sessions, gate: { _ in .open }),
                store: try fleet.store,
                bounds: .init(patience: .seconds(3600)),
                scope: ImageScope(),
                now: { Date().timeIntervalSince1970 }
            )
            let job = ScanJob(sweep: SweepID(kind: .collect, slot: "1"), repository: place)
            func attempt(after hours: Int) async throws -> AttemptOutcome {
                try await work.perform(
                    job,
                    token: 1,
                    cursor: nil,
                    throttledFor: .seconds(hours * 3600),
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
                )
            }
            guard case .again(_, _, consumesTry: false) = try await attempt(after: 0) else {
                Issue.record("a want of quota has consumed a try")
                return
            }
            guard case .completed(let tally) = try await attempt(after: 2) else {
                Issue.record("two hours of throttling did not end the job")
                return
            }
            #expect(tally.counts["gaps"] == 1)
            let stored = try await fleet.store.repositories(in: place.registry).first { $0.place == place }
            #expect(stored?.obstacle?.state == .throttled)
            #expect(stored?.obstacle?.reason?.contains("for 2 hours") == true)
        }
    }
}
