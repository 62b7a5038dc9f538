import Domain
import FindingStore
import TestSupport
import Testing

/// What becomes of a sweep when the organization changes, or AWS fails, in the midst of it.
@Suite(.serialized, .requires("redis-server"), .timeLimit(.minutes(30))) struct MidSweepTests {
    private struct Rule: Decodable {}

    /// One thing that goes wrong, and what the sweep during which it does should come to.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        /// For `/_fail`; the call that it hits is the thing's own.
        var fault: String
        /// How the sweep's command ends.
        var status: Int
        /// What the sweep's tallies tell beside images and states.
        var tallies: [String]
        /// What stands beside the repository afterwards; nil is nothing.
        var obstacle: Coverage.State?

        var testDescription: String { name }
    }

    private static let everything = "platform/everything"
    private static let account = AccountID(rawValue: "111111111111")
    private static let findings = "service=ecr&operation=DescribeImageScanFindings&repository="
    private let registry = Registry(account: account, region: RegionName(rawValue: "us-east-1"))

    static let repaired: [Case] = [
        Case(
            name: "a page disappears: its token is refused",
            fault: findings + everything + "&event=expire-token&times=1",
            status: 0,
            tallies: ["scanned: 1"]
        ),
        Case(
            name: "a body is truncated in mid-page",
            fault: findings + everything + "&event=truncate&after=1&times=2",
            status: 0,
            tallies: ["scanned: 1"]
        ),
        Case(
            name: "the session is revoked in mid-job",
            fault: findings + everything + "&event=revoke&after=1&times=1",
            status: 0,
            tallies: ["scanned: 1"]
        ),
    ]

    @Test(arguments: repaired) func `What passes leaves no trace`(_ fault: Case) async throws {
        try await Fleet.simulated(["--accounts", "3"]) { fleet in
            #expect(try await fleet.run("init").status == 0)
            let worker = try await fleet.start("worker")
            _ = try await fleet.page("POST", path: "/_fail?" + fault.fault, as: [Rule].self)
            let sweep = try await collect(fleet, Self.everything)
            #expect(sweep.status == fault.status, "\(sweep.output)\n\(sweep.errors)")
            for tally in fault.tallies { #expect(sweep.output.contains("  \(tally)\n"), "\(sweep.output)") }
            let truth = try await truth(fleet, Self.everything)
            #expect(truth.values.first?.findings.count ?? 0 > 1300)
            #expect(differences(try await fleet.store.known(), truth).isEmpty)
            let left = try await fleet.store.repositories(in: registry)
            #expect(left.map(\.obstacle) == [nil])
            let calls = try await fleet.page(path: "/_calls", as: [CallCount].self)
            let asked = calls.filter { $0.operation == "DescribeImageScanFindings" }.reduce(0) { $0 + $1.count }
            row(fault.name, sweep, "scanned, as it really is; \(asked) calls where 2 are least", nil)
            try await worker.terminate()
        }
    }

    private static let gateway = "team/gateway-0"
    static let lasting: [Case] = [
        Case(
            name: "a repository is deleted in mid-sweep",
            fault: findings + gateway + "&event=delete-repository&after=2&times=1",
            status: 0,
            tallies: ["removed: "]
        ),
        Case(
            name: "an image is deleted in mid-sweep",
            fault: findings + gateway + "&event=delete-image&after=2&times=1",
            status: 0,
            tallies: ["vanished: 1"]
        ),
        Case(
            name: "the account is suspended in mid-sweep",
            fault: findings + gateway + "&event=suspend&after=2&times=1",
            status: 3,
            tallies: ["gaps: 1", "repositories_refused: 1"],
            obstacle: .accessDenied
        ),
    ]

    @Test(arguments: lasting) func `What lasts is announced as it is`(_ fault: Case) async throws {
        try await Fleet.simulated(["--accounts", "3"]) { fleet in
            #expect(try await fleet.run("init").status == 0)
            let worker = try await fleet.start("worker")
            _ = try await collect(fleet, Self.gateway)
            let before = try await fleet.store.known()
            #expect(before.count > 4)
            _ = try await fleet.page("POST", path: "/_fail?" + fault.fault, as: [Rule].self)
            let sweep = try await collect(fleet, Self.gateway)
            // The states of an ordinary repository may be gaps of their own.
            let ownGaps = before.values.contains { $0.state != "scanned" }
            let status = ownGaps && !fault.name.contains("repository") ? 3 : fault.status
            #expect(sweep.status == status, "\(sweep.output)\n\(sweep.errors)")
            for tally in fault.tallies { #expect(sweep.output.contains("  \(tally)"), "\(sweep.output)") }
            let stored = try await fleet.store.known()
            let obstacles = try await fleet.store.repositories(in: registry).map { $0.obstacle?.state }
            if let obstacle = fault.obstacle {
                // Nothing is proved gone or clean: what was known stays, beside the reason why it is not renewed.
                #expect(stored == before)
                #expect(obstacles == [obstacle])
                let next = try await fleet.run("sweep", "collect", "--wait", "--account", Self.account.rawValue)
                #expect(next.status == 3 && next.output.contains("account_inactive"), "\(next.output)")
            } else {
                #expect(differences(stored, try await truth(fleet, Self.gateway)).isEmpty)
                #expect(obstacles == (stored.isEmpty ? [] : [nil]))
            }
            row(fault.name, sweep, "\(stored.count) of \(before.count) images", obstacles.first ?? nil)
            try await worker.terminate()
        }
    }

    @Test func `An image that cannot be read to its end is a gap of its own, and says so in the store`() async throws {
        try await Fleet.simulated(["--accounts", "3"]) { fleet in
            #expect(try await fleet.run("init").status == 0)
            let worker = try await fleet.start("worker")
            let fault = Self.findings + Self.everything + "&event=expire-token"
            _ = try await fleet.page("POST", path: "/_fail?" + fault, as: [Rule].self)
            // It is looked at again after 5, 10 and 30 seconds.
            let sweep = try await collect(fleet, Self.everything)
            #expect(sweep.status == 3, "\(sweep.output)\n\(sweep.errors)")
            #expect(sweep.output.contains("  failed: 1\n") && sweep.output.contains("  gaps: 1\n"), "\(sweep.output)")
            let place = RepositoryReference(registry: registry, name: RepositoryName(rawValue: Self.everything))
            let stored = try await fleet.store.images(in: place)
            #expect(stored.map(\.status.coverage.state) == [.failed])
            #expect(stored.first?.status.coverage.reason?.contains("changed") == true)
            #expect(try await fleet.store.repositories(in: registry).map(\.obstacle) == [nil])
            let status = try await fleet.run("status", "--gaps")
            #expect(status.output.contains("\(place)@"), "\(status.output)")
            row("a page disappears again and again", sweep, "failed", nil)
            try await worker.terminate()
        }
    }

    // MARK: Steps

    private struct CallCount: Decodable, Sendable {
        var operation: String
        var count: Int
    }

    private var narrow: [String] { ["--account", Self.account.rawValue, "--region", "us-east-1"] }

    private func collect(_ fleet: Fleet, _ repository: String) async throws -> Fleet.Ended {
        try await fleet.run(["sweep", "collect", "--wait", "--repository", repository] + narrow)
    }

    private func truth(_ fleet: Fleet, _ repository: String) async throws -> [ImageReference: KnownImage] {
        try await fleet.page(path: "/_truth", as: Truth.self).images.filter {
            $0.key.repository.name.rawValue == repository && $0.key.repository.registry == registry
        }
    }

    /// One line of the table that the test log holds.
    private func row(_ name: String, _ sweep: Fleet.Ended, _ stored: String, _ obstacle: Coverage.State?) {
        print("| \(name) | exit \(sweep.status) | \(stored) | \(obstacle?.rawValue ?? "–") |")
    }
}
