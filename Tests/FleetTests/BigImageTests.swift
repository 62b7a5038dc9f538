import AWSCore
import Domain
import FindingStore
import Foundation
import TestSupport
import Testing

/// An image with 5,000 findings, more than one item of the table holds, from ECR's pages to the report.
@Suite(.serialized, .requires("redis-server"), .timeLimit(.minutes(30))) struct BigImageTests {
    private let place = RepositoryReference(
        registry: Registry(account: AccountID(rawValue: "111111111111"), region: RegionName(rawValue: "us-east-1")),
        name: RepositoryName(rawValue: "platform/everything")
    )

    @Test func `5,000 findings come back exactly, from ECR, the table and the report`() async throws {
        try await Fleet.simulated(["--accounts", "3", "--big-findings", "5000"]) { fleet in
            #expect(try await fleet.run("init").status == 0)
            let worker = try await fleet.start("worker")
            let aggregator = try await fleet.start("aggregator")
            #expect(try await collect(fleet).status == 0)
            let truth = try #require(
                try await fleet.page(path: "/_truth", as: Truth.self).images.first { $0.key.repository == place }
            )
            #expect(truth.value.findings.count == 5000)
            let stored = try await fleet.store.images(in: place)
            #expect(stored.count == 1)
            #expect(stored.first?.parts ?? 0 >= 1, "the findings fit into one item, so that nothing is split")
            #expect(Set(stored.flatMap(\.status.findings)) == truth.value.findings)
            #expect(stored.first?.status.findings.count == 5000)
            #expect(differences(try await fleet.store.known(), [truth.key: truth.value]).isEmpty)
            // Nothing changed, so the parts are not written again either.
            let again = try await collect(fleet)
            #expect(again.status == 0 && !again.output.contains("written"), "\(again.output)")

            let isReported = try await eventually { try await reported(fleet) == truth.value.findings }
            #expect(isReported, "the report has other findings")
            try await worker.terminate()
            try await aggregator.terminate()
        }
    }

    @Test(.requiresMotoServer) func `They do in another DynamoDB too`() async throws {
        try await Fleet.simulated(["--accounts", "3", "--big-findings", "5000"]) { fleet in
            #expect(try await fleet.run("init").status == 0)
            let worker = try await fleet.start("worker")
            #expect(try await collect(fleet).status == 0)
            let original = try #require(try await fleet.store.images(in: place).first)
            try await worker.terminate()
            try await MotoServer.with { server in
                let keys = Fleet.Keys(id: "testing", secret: "testing")
                try await Fleet.with(endpoint: server.url, keys: keys) { other in
                    let store = try other.store
                    try await store.createTable()
                    #expect(try await store.put(original.status, over: nil, token: 1) == .written)
                    let copy = try #require(try await store.images(in: place).first)
                    #expect(copy.status == original.status)
                    #expect(copy.parts == original.parts && copy.parts >= 1)
                    #expect(try await store.remove(copy, token: 2) == .written)
                    #expect(try await store.images(in: place).isEmpty)
                }
            }
        }
    }

    private func collect(_ fleet: Fleet) async throws -> Fleet.Ended {
        let narrow = ["--account", "111111111111", "--region", "us-east-1", "--repository", "platform/everything"]
        return try await fleet.run(["sweep", "collect", "--wait"] + narrow)
    }

    // MARK: The report

    /// A registry's file, as far as this test reads it.
    private struct RegionFile: Decodable {
        struct Repository: Decodable {
            struct Image: Decodable { var findings: [[Cell]] }
            var images: [Image]
        }

        enum Cell: Decodable {
            case text(String)
            case number(Double)
            case null

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if container.decodeNil() {
                    self = .null
                } else if let text = try? container.decode(String.self) {
                    self = .text(text)
                } else {
                    self = .number(try container.decode(Double.self))
                }
            }

            var text: String? { if case .text(let text) = self { text } else { nil } }
            var number: Double? { if case .number(let number) = self { number } else { nil } }
        }

        var repositories: [Repository]
    }

    private func reported(_ fleet: Fleet) async throws -> Set<Finding> {
        guard let bytes = try await fleet.report("111111111111/us-east-1.json") else { return [] }
        let file = try JSONDecoder().decode(RegionFile.self, from: Data(bytes))
        let rows = file.repositories.flatMap(\.images).flatMap(\.findings)
        return Set(
            rows.map { row in
                Finding(
                    key: Finding.Key(
                        vulnerability: row[0].text ?? "",
                        package: row[2].text ?? "",
                        version: row[3].text ?? ""
                    ),
                    severity: Severity(rawValue: row[1].text ?? ""),
                    fixedVersion: row[4].text,
                    score: row[5].number
                )
            }
        )
    }
}
