// swift-format-ignore-file: AlwaysUseLowerCamelCase

import AWSCore
import AWSServices
import AWSTestSupport
import Foundation
import TestSupport
import Testing

/// What `scanfleet doctor` says of an organization with something wrong in it.
@Suite(.serialized, .requires("redis-server"), .timeLimit(.minutes(30))) struct DoctorTests {
    private struct Rule: Decodable {}

    private struct Report: Decodable {
        struct Check: Decodable {
            var subject: String
            var verdict: String
            var text: String
            var denied: [String]
        }

        struct Addition: Decodable {
            struct Statement: Decodable {
                var Effect: String
                var Action: [String]
                var Resource: String?
                var Principal: [String: String]?
            }

            var holders: [String]
            var policy: String
            var statement: Statement
        }

        var status: Int
        var checks: [Check]
        var add: [Addition]

        func verdicts(_ subject: String) -> [String] { checks.filter { $0.subject == subject }.map(\.verdict) }
    }

    /// The account of five that is there to be healthy, and the one whose role cannot be assumed.
    private let healthy = "210000040404"
    private let refusing = "210000020202"
    private let suspended = "210000030303"

    private func fail(_ fleet: Fleet, _ query: String) async throws {
        _ = try await fleet.page("POST", path: "/_fail?\(query)", as: [Rule].self)
    }

    private func doctor(
        _ fleet: Fleet,
        _ arguments: String...,
        with extra: [String: String?] = [:]
    ) async throws -> Report {
        let ended = try await fleet.run(["doctor", "--json"] + arguments, with: extra)
        let report = try JSONDecoder().decode(Report.self, from: Data(ended.output.utf8))
        #expect(ended.status == report.status, "\(ended.errors)")
        return report
    }

    @Test func `A healthy account has nothing to mend, and nothing is changed by asking`() async throws {
        try await Fleet.simulated(["--accounts", "5"]) { fleet in
            #expect(try await fleet.run("init").status == 0)
            let before = try await fleet.page(path: "/_truth", as: Truth.self).images
            let ended = try await fleet.run("doctor", "--account", healthy)
            #expect(ended.status == 0, "\(ended.output)\n\(ended.errors)")
            #expect(ended.output.contains("account \(healthy) eu-west-1: BASIC (scan_on_push team/*)"))
            #expect(ended.output.hasSuffix("0 note, 0 gap, 0 unavailable, 0 refused\n"), "\(ended.output)")
            #expect(try await fleet.page(path: "/_truth", as: Truth.self).images == before)
            #expect(try await fleet.store.known().isEmpty)
        }
    }

    @Test func `What is denied is named, with the statement to add and whose policy lacks it`() async throws {
        try await Fleet.simulated(["--accounts", "5"]) { fleet in
            #expect(try await fleet.run("init").status == 0)
            try await fail(fleet, "service=ecr&operation=DescribeImages&account=\(healthy)&deny=1")
            try await fail(fleet, "service=ecr&operation=StartImageScan&account=\(healthy)&region=eu-west-1&deny=1")
            let report = try await doctor(fleet, with: ["SCANFLEET_REGIONS": "us-east-1,eu-west-1,me-south-1"])
            #expect(report.status == 3)
            #expect(report.verdicts("account \(suspended)") == ["note"])
            #expect(report.verdicts("account \(refusing)") == ["gap"])
            #expect(report.verdicts("account \(healthy) me-south-1") == ["gap"])
            let denied = report.checks.filter { $0.subject == "account \(healthy) eu-west-1" }.flatMap(\.denied)
            #expect(denied == ["ecr:DescribeImages", "ecr:StartImageScan"])
            let member = report.add.filter { $0.policy == "ops/iam/member-permissions.json" }
            #expect(member.map(\.holders) == [["role ScanfleetMember of account \(healthy)"]])
            #expect(member.first?.statement.Action == ["ecr:DescribeImages", "ecr:StartImageScan"])
            #expect(member.first?.statement.Resource == "*")
            let trust = try #require(report.add.first { $0.policy == "ops/iam/member-trust.json" })
            #expect(trust.holders == ["trust policy of role ScanfleetMember of account \(refusing)"])
            #expect(trust.statement.Principal?["AWS"]?.contains("111111111111") == true)
            #expect(trust.statement.Resource == nil)
            #expect(report.checks.contains { $0.text.hasPrefix("ENHANCED (continuous_scan platform/* team/*)") })
            #expect(report.checks.contains { $0.verdict == "gap" && $0.text.hasSuffix("never scanned: scratch/trial") })
        }
    }

    @Test func `What is missing at home ends with 69 or 77, and the rest is looked at all the same`() async throws {
        try await Fleet.simulated(["--accounts", "5"]) { fleet in
            let bare = try await doctor(fleet, with: ["SCANFLEET_REDIS_URL": "redis://127.0.0.1:1"])
            #expect(bare.status == 69)
            #expect(bare.verdicts("redis") == ["unavailable"])
            #expect(bare.verdicts("table scanfleet") == ["unavailable"])
            #expect(bare.verdicts("account \(healthy) us-east-1") == ["fine"])

            #expect(try await fleet.run("init").status == 0)
            try await fail(fleet, "service=dynamodb&operation=BatchWriteItem&deny=1")
            try await fail(fleet, "service=streams&operation=GetRecords&deny=1")
            try await fail(fleet, "service=organizations&deny=1")
            let refused = try await doctor(fleet, "--account", healthy)
            #expect(refused.status == 77)
            #expect(refused.verdicts("organization") == ["refused"])
            #expect(refused.verdicts("account \(healthy) us-east-1") == ["fine"])
            let worker = try #require(refused.add.first { $0.policy == "ops/iam/worker.json" })
            #expect(worker.statement.Action == ["dynamodb:BatchWriteItem"])
            #expect(worker.statement.Resource?.hasSuffix(":table/scanfleet") == true)
            let aggregator = refused.add.filter { $0.policy == "ops/iam/aggregator.json" }
            #expect(aggregator.flatMap(\.statement.Action) == ["dynamodb:GetRecords"])
            #expect(refused.add.contains { $0.statement.Action == ["organizations:ListAccounts"] })
            try await fail(fleet, "clear=1")
            try await fail(fleet, "service=ecr&operation=BatchGetImage&deny=1")
            let common = try await doctor(fleet)
            let members = common.add.filter { $0.policy == "ops/iam/member-permissions.json" }
            // What several roles lack is one statement to add to each.
            #expect(members.map(\.statement.Action) == [["ecr:BatchGetImage"]])
            #expect(members.first?.holders.count == 3)
            try await fail(fleet, "service=dynamodb&operation=BatchWriteItem&deny=1")
            // The coordinator writes no batches.
            let coordinator = try await doctor(fleet, "--account", healthy, "--role", "coordinator")
            #expect(coordinator.verdicts("table scanfleet") == ["fine"])
        }
    }

    @Test(.requiresMotoServer) func `Against another AWS a table, a bucket and a registry are fine`() async throws {
        try await MotoServer.with { server in
            let keys = Fleet.Keys(id: "testing", secret: "testing")
            try await Fleet.with(endpoint: server.url, keys: keys, extra: ["SCANFLEET_REGIONS": "us-east-1"]) { fleet in
                let home = try fleet.home
                _ = try await home.send(S3.CreateBucket(Bucket: Fleet.bucket))
                _ = try await home.send(Organizations.CreateOrganization())
                #expect(try await fleet.run("init").status == 0)
                let report = try await doctor(fleet)
                #expect(report.status == 0, "\(report)")
                #expect(report.verdicts("table scanfleet") == ["fine"])
                #expect(report.checks.contains { $0.subject.hasSuffix("us-east-1") && $0.text.hasPrefix("BASIC") })
            }
        }
    }
}
