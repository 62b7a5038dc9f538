// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Domain
import FindingStore
import Foundation
import TestSupport
import Testing

/// The whole way of the data through separate processes, against the simulated organization.
@Suite(.serialized, .requires("redis-server"), .timeLimit(.minutes(30))) struct WholeWayTests {
    @Test func `What is stored is what is there, and only what changed is announced, once`() async throws {
        try await Fleet.simulated { fleet in
            #expect(try await fleet.run("init").status == 0)
            let roles = [
                try await fleet.start("worker"), try await fleet.start("worker"), try await fleet.start("aggregator"),
                try await fleet.start("coordinator", with: manual),
            ]
            let scan = try await fleet.run("sweep", "scan", "--wait")
            #expect(scan.status == 3, "\(scan.output)\n\(scan.errors)")
            let before = try await fleet.collectUntilSettled()
            #expect(before.images.count > 1000)
            #expect(before.accounts.count >= 12)
            #expect(before.images.values.contains { $0.findings.count > 1200 })
            try await expectStored(fleet, before)
            try await expectReport(fleet, before)

            let accounts = Set(before.accounts.filter { $0.obstacle == nil }.map(\.id))
            #expect(try await eventually { Set(try await hubot(fleet).baselines) == accounts })
            #expect(try await hubot(fleet).baselines.count == accounts.count)
            #expect(try await hubot(fleet).announcements.isEmpty)

            _ = try await fleet.page("POST", path: "/_change?seed=7", as: [Change].self)
            let after = try await fleet.collectUntilSettled()
            try await expectStored(fleet, after)
            let notifications = expected(from: before.images, to: after.images)
            #expect(!notifications.isEmpty)
            _ = try await eventually { Set(try await hubot(fleet).announcements) == notifications }
            try await Task.sleep(for: .seconds(2))
            let announced = try await hubot(fleet).announcements
            #expect(
                Set(announced).subtracting(notifications).isEmpty,
                "told without cause: \(Set(announced).subtracting(notifications))"
            )
            #expect(notifications.subtracting(announced).isEmpty, "not told: \(notifications.subtracting(announced))")
            #expect(announced.count == Set(announced).count)
            for role in roles { try await role.terminate() }
            _ = try await fleet.run("sweep", "collect", with: ["SCANFLEET_ACCOUNTS": "ou:/Test,tag:number=1"])
            try await expectPoliciesFit(fleet)
        }
    }

    @Test func `A worker killed in mid-sweep loses nothing and has nothing announced twice`() async throws {
        try await Fleet.simulated(["--accounts", "6"]) { fleet in
            #expect(try await fleet.run("init").status == 0)
            let aggregator = try await fleet.start("aggregator")
            let survivor = try await fleet.start("worker")
            let victim = try await fleet.start("worker")
            _ = try await fleet.run("sweep", "scan", "--wait")
            async let collecting = fleet.run("sweep", "collect", "--wait")
            // Killed while it holds leases: some jobs are done by now, and most are not.
            #expect(try await eventually { try await queue(fleet).in_flight > 4 })
            try await victim.kill()
            let ended = try await collecting
            #expect(ended.status == 3, "\(ended.output)\n\(ended.errors)")
            let seenFirst = try await fleet.store.known()
            let truth = try await fleet.collectUntilSettled()
            try await expectStored(fleet, truth)
            let accounts = Set(truth.accounts.filter { $0.obstacle == nil }.map(\.id))
            #expect(try await eventually { Set(try await hubot(fleet).baselines) == accounts })
            #expect(try await hubot(fleet).baselines.count == accounts.count)
            // Scans that ended after the first collect are news, unless the summary came late enough to hold them.
            let announced = try await hubot(fleet).announcements
            #expect(Set(announced).isSubset(of: expected(from: seenFirst, to: truth.images)))
            #expect(announced.count == Set(announced).count)
            let left = try await queue(fleet)
            #expect(left.backlog == 0)
            #expect(left.dead == 0)
            for sweep in left.sweeps { #expect(sweep.done == sweep.total, "\(sweep.id)") }
            try await survivor.terminate()
            try await aggregator.terminate()
        }
    }

    // MARK: Steps

    private struct CallCount: Decodable, Sendable {
        var service: String
        var operation: String
    }

    /// Least privilege: the policies allow what was called.
    ///
    /// Inspector's actions are asked for by ECR itself, and this organization gives the report no occasion to remove a file
    /// or to give one up.
    private func expectPoliciesFit(_ fleet: Fleet) async throws {
        let calls = try await fleet.page(path: "/_calls", as: [CallCount].self)
        let called = Set(calls.compactMap { Policies.action(service: $0.service, operation: $0.operation) })
        let allowed = try Policies.allowed().filter { !$0.hasPrefix("inspector2:") }
        #expect(called.subtracting(allowed).isEmpty, "not allowed: \(called.subtracting(allowed))")
        let rare: Set = ["s3:AbortMultipartUpload", "s3:DeleteObject"]
        let unused = allowed.subtracting(called).subtracting(rare)
        #expect(unused.isEmpty, "never called: \(unused)")
    }

    /// A coordinator that starts nothing by itself.
    private let manual = ["SCANFLEET_SCAN_SCHEDULE": "off", "SCANFLEET_COLLECT_SCHEDULE": "off"]

    private struct Change: Decodable, Sendable {}

    private struct Queue: Decodable, Sendable {
        struct Sweep: Decodable, Sendable {
            var id: String
            var total: Int
            var done: Int
        }

        var in_flight: Int
        var backlog: Int
        var dead: Int
        var sweeps: [Sweep]
    }

    private func queue(_ fleet: Fleet) async throws -> Queue {
        let status = try await fleet.run("status", "--json")
        return try JSONDecoder().decode(Queue.self, from: Data(status.output.utf8))
    }

    private func hubot(_ fleet: Fleet) async throws -> HubotPage {
        try await fleet.page(path: "/_hubot", as: HubotPage.self)
    }

    private func expectStored(_ fleet: Fleet, _ truth: Truth) async throws {
        let found = differences(try await fleet.store.known(), truth.images)
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
        #expect(try await fleet.store.knownObstacles() == truth.obstacles)
    }

    /// The report follows within seconds, tells all that is judged and lists all that is not.
    private func expectReport(_ fleet: Fleet, _ truth: Truth) async throws {
        let judged = truth.images.values.filter { $0.state == "scanned" }
        let entries = judged.reduce(0) { $0 + max(1, $1.tags.count) }
        let matches = try await eventually {
            guard let bytes = try await fleet.report("findings.json") else { return false }
            let seed = try JSONDecoder().decode(LegacyReport.self, from: Data(bytes))
            return seed.entries == entries
        }
        #expect(matches, "findings.json has not one entry per tag of every judged image: \(entries)")
        #expect(try await eventually { try await fleet.report("index.json") != nil })
        try await ReportFiles(fleet: fleet).check(findings: truth.images.values.reduce(0) { $0 + $1.findings.count })
    }
}

/// `findings.json` as the seed's dashboard reads it.
struct LegacyReport: Decodable {
    struct Account: Decodable {
        struct Region: Decodable {
            var region: String

            struct Repository: Decodable {
                struct Image: Decodable {
                    var tag: String
                    var digest: String
                    var cves: [String]
                }
                var name: String
                var images: [Image]
            }
            var repositories: [Repository]
        }
        var account_id: String
        var regions: [Region]
    }

    var accounts: [Account]
    var updated_at: String

    /// The vulnerabilities of every image, by place.
    var images: [String: Set<String>] {
        var images: [String: Set<String>] = [:]
        for account in accounts {
            for region in account.regions {
                for repository in region.repositories {
                    for image in repository.images {
                        let place = "\(account.account_id)/\(region.region)/\(repository.name)@\(image.digest)"
                        images[place, default: []].formUnion(image.cves)
                    }
                }
            }
        }
        return images
    }

    var entries: Int { accounts.flatMap(\.regions).flatMap(\.repositories).reduce(0) { $0 + $1.images.count } }
}
