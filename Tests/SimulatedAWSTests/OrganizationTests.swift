import AWSCore
import AWSServices
import SimulatedAWS
import Testing

@testable import enum SimulatedAWS.JSONValue

@Suite(.timeLimit(.minutes(10))) struct OrganizationTests {
    private static var small: SimulatorConfiguration {
        var configuration = SimulatorConfiguration()
        configuration.accounts = 9
        configuration.repositories = 2
        configuration.images = 4
        return configuration
    }

    @Test func `What the calls show is what the truth tells`() async throws {
        try await LiveSimulator.with(Self.small) { simulator in
            let (images, obstacles) = try await walked(simulator)
            let truth = told(try await simulator.truth())
            #expect(images.count > 100)
            #expect(images == truth)
            #expect(obstacles.filter { $0.hasSuffix("SUSPENDED") }.count == 1)
            #expect(obstacles.filter { $0.hasSuffix(" ACTIVE") }.count == 1)
            #expect(obstacles.filter { $0.hasSuffix("ap-east-1 DISABLED") }.count == 2)
            let states = Set(images.map(\.coverage))
            #expect(
                states == [
                    "scanned", "waiting", "never_scanned", "failed", "unsupported", "archived", "expired_eligibility",
                ]
            )
            #expect(images.contains { $0.findings.count > 1200 })
            #expect(images.contains { $0.coverage == "scanned" && $0.findings.isEmpty })
        }
    }

    @Test func `After a change the truth differs by exactly what was answered, and the calls agree`() async throws {
        try await LiveSimulator.with(Self.small) { simulator in
            let before = told(try await simulator.truth())
            let changes = try await simulator.page("/_change?kind=all&seed=7", method: "POST").json.elements ?? []
            #expect(
                changes.map { $0["change"]?.text } == [
                    "changed", "changed", "changed", "changed", "changed", "deleted", "pushed",
                ]
            )
            let after = told(try await simulator.truth())
            #expect(try await walked(simulator).images == after)
            let old = Dictionary(uniqueKeysWithValues: before.map { ($0.place, $0) })
            let new = Dictionary(uniqueKeysWithValues: after.map { ($0.place, $0) })
            let touched = Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }
            #expect(Set(changes.map(place)) == touched)
            for change in changes {
                let was = Set(old[place(change)]?.findings ?? [])
                let now = Set(new[place(change)]?.findings ?? [])
                #expect(Set(texts(change["opened"])) == now.subtracting(was))
                #expect(Set(texts(change["resolved"])) == was.subtracting(now))
            }
        }
    }

    private func place(_ change: JSONValue) -> String {
        let parts = ["account", "region", "repository"].map { change[$0]?.text ?? "" }
        return "\(parts.joined(separator: "/"))@\(change["digest"]?.text ?? "")"
    }

    private func texts(_ findings: JSONValue?) -> [String] {
        (findings?.elements ?? []).map { finding in
            ["vulnerability", "package", "version", "severity"].map { finding[$0]?.text ?? "" }.joined(separator: " ")
        }
    }

    @Test func `The default organization is as large as promised, and its seed repeats it`() async throws {
        try await LiveSimulator.with { first in
            try await LiveSimulator.with { second in
                let truth = told(try await first.truth())
                #expect(truth.count > 1000)
                #expect(truth.map(\.findings) == told(try await second.truth()).map(\.findings))
            }
        }
    }

    @Test func `A long repository list comes in pages of a hundred`() async throws {
        try await LiveSimulator.with(Self.small) { simulator in
            let truth = try await simulator.truth()
            let account = try #require(truth["accounts"]?.elements?[4]["id"]?.text)
            var pages: [Int] = []
            for try await page in await simulator.member(account).pages(ECR.DescribeRepositories()) {
                pages.append(page.repositories?.count ?? 0)
            }
            #expect(pages == [100, 100, 30])
        }
    }

    @Test func `The account list has an empty page with a token`() async throws {
        try await LiveSimulator.with(Self.small) { simulator in
            var pages: [Int] = []
            for try await page in simulator.client().pages(Organizations.ListAccounts()) {
                pages.append(page.Accounts?.count ?? 0)
            }
            #expect(pages == [5, 0, 4])
        }
    }
}
