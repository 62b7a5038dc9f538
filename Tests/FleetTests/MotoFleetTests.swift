import AWSCore
import AWSServices
import AWSTestSupport
import Domain
import Foundation
import TestSupport
import Testing

/// The whole way against somebody else's AWS: enumerate, assume roles, list, scan, collect, store, stream, report.
@Suite(.serialized, .requires("redis-server"), .requiresMotoServer, .timeLimit(.minutes(30))) struct MotoFleetTests {
    private let manifest = """
        {"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json",\
        "config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":1,"digest":"sha256:DIGEST"},"layers":[]}
        """

    @Test func `Several accounts, from the organization to the report`() async throws {
        try await MotoServer.with { server in
            let keys = Fleet.Keys(id: "testing", secret: "testing")
            try await Fleet.with(endpoint: server.url, keys: keys, extra: ["SCANFLEET_REGIONS": "us-east-1"]) { fleet in
                let accounts = try await makeOrganization(fleet)
                #expect(accounts.count == 4)
                let ready = try await fleet.run("init")
                #expect(ready.status == 0, "\(ready.errors)")
                let worker = try await fleet.start("worker")
                let aggregator = try await fleet.start("aggregator")
                let scan = try await fleet.run("sweep", "scan", "--wait")
                #expect(scan.status == 0, "\(scan.output)\n\(scan.errors)")
                let collect = try await fleet.run("sweep", "collect", "--wait")
                #expect(collect.status == 0, "\(collect.output)\n\(collect.errors)")

                let stored = try await fleet.store.known()
                #expect(stored.count == accounts.count)
                #expect(Set(stored.keys.map(\.repository.registry.account.rawValue)) == Set(accounts))
                #expect(stored.values.allSatisfy { $0.state == "scanned" && $0.findings.count == 1 })
                #expect(stored.values.allSatisfy { $0.tags == ["v1"] })
                let isReported = try await eventually {
                    guard let bytes = try await fleet.report("findings.json") else { return false }
                    let report = try JSONDecoder().decode(LegacyReport.self, from: Data(bytes))
                    return report.entries == accounts.count
                }
                #expect(isReported)
                try await worker.terminate()
                try await aggregator.terminate()
            }
        }
    }

    /// Three member accounts beside the management account, each with one image; answers all their ids.
    private func makeOrganization(_ fleet: Fleet) async throws -> [String] {
        let home = try fleet.home
        _ = try await home.send(S3.CreateBucket(Bucket: Fleet.bucket))
        _ = try await home.send(Organizations.CreateOrganization())
        for name in ["one", "two", "three"] {
            _ = try await home.send(Organizations.CreateAccount(AccountName: name, Email: "\(name)@example.org"))
        }
        var ids: [String] = []
        for try await page in home.pages(Organizations.ListAccounts()) { ids += (page.Accounts ?? []).compactMap(\.Id) }
        for id in ids {
            let member = try await fleet.member(id)
            _ = try await member.send(ECR.CreateRepository(repositoryName: "team/service"))
            let own = manifest.replacingOccurrences(of: "DIGEST", with: String(repeating: "0", count: 52) + id)
            _ = try await member.send(ECR.PutImage(repositoryName: "team/service", imageManifest: own, imageTag: "v1"))
        }
        return ids
    }
}
