import AWSCore
import AWSServices
import Domain
import FindingStore
import TestSupport
import Testing

/// How many scans are started, of which images first, and what becomes of those that are under way.
@Suite(.serialized, .requires("redis-server"), .timeLimit(.minutes(30))) struct ScanBudgetTests {
    private struct Call: Decodable, Sendable {
        var operation: String
        var outcome: String
        var account: String?
        var count: Int
    }

    private static let account = "111111111111"
    private let registry = Registry(
        account: AccountID(rawValue: account),
        region: RegionName(rawValue: "us-east-1")
    )

    private func sweep(_ kind: String, _ fleet: Fleet, _ repository: String) async throws -> Fleet.Ended {
        let narrow = ["--account", Self.account, "--region", "us-east-1", "--repository", repository]
        return try await fleet.run(["sweep", kind, "--wait"] + narrow)
    }

    private func count(_ operation: String, _ fleet: Fleet, account: String? = nil) async throws -> Int {
        try await fleet.page(path: "/_calls?by=registry", as: [Call].self)
            .filter { $0.operation == operation && (account == nil || $0.account == account) }
            .reduce(0) { $0 + $1.count }
    }

    @Test func `A short budget goes to the images that were used last, and is the registry's for a day`() async throws {
        try await Fleet.simulated(["--accounts", "3"]) { fleet in
            #expect(try await fleet.run("init").status == 0)
            let worker = try await fleet.start("worker", with: ["SCANFLEET_SCANS_PER_DAY": "3"])
            let scan = try await sweep("scan", fleet, "team/gateway-0")
            #expect(scan.status == 3, "\(scan.output)")
            #expect(scan.output.contains("scans_postponed"), "\(scan.output)")
            let page = try await fleet.home.send(
                ECR.DescribeImages(repositoryName: "team/gateway-0", maxResults: 1000)
            )
            #expect(page.imageDetails?.contains { $0.lastRecordedPullTime != nil } == true)
            let order = (page.imageDetails ?? []).sorted { $0.lastUse > $1.lastUse }.compactMap(\.imageDigest)
            let stored = try await fleet.store.images(in: place("team/gateway-0"))
            let asked = stored.filter { $0.status.coverage.state == .waiting }.map(\.place.digest.rawValue)
            // Those scanned within the day are not due, and not asked for.
            let postponed = stored.filter { $0.status.coverage.state == .throttled }.map(\.place.digest.rawValue)
            #expect(asked.count <= 3 && !postponed.isEmpty)
            let last = order.filter { asked.contains($0) }.compactMap { order.firstIndex(of: $0) }.max() ?? 0
            #expect(postponed.allSatisfy { (order.firstIndex(of: $0) ?? 0) > last })
            #expect(
                stored.first { $0.status.coverage.state == .throttled }?.status.coverage.reason?.contains("24 hours")
                    == true
            )

            let before = try await count("StartImageScan", fleet)
            let other = try await sweep("scan", fleet, "team/billing-1")
            #expect(other.output.contains("scans_postponed"), "\(other.output)")
            #expect(try await count("StartImageScan", fleet) == before)
            #expect(try await fleet.store.scansLeft(in: registry, limit: 3) == 0)
            try await worker.terminate()
        }
    }

    @Test func `A registry that Inspector scans is left alone, and said so`() async throws {
        try await Fleet.simulated(["--accounts", "3"]) { fleet in
            #expect(try await fleet.run("init").status == 0)
            let worker = try await fleet.start("worker")
            let inspected = "210000010101"
            let scan = try await fleet.run("sweep", "scan", "--wait", "--account", inspected)
            #expect(scan.output.contains("repositories are scanned by Inspector and left to it"), "\(scan.output)")
            #expect(try await count("StartImageScan", fleet, account: inspected) == 0)
            try await worker.terminate()
        }
    }

    @Test func `A scan that is under way is looked at later in the same sweep, and nobody polls`() async throws {
        try await Fleet.simulated(["--accounts", "3"]) { fleet in
            #expect(try await fleet.run("init").status == 0)
            let worker = try await fleet.start("worker")
            let collect = try await sweep("collect", fleet, "platform/odd-images")
            #expect(collect.status == 3, "\(collect.output)\n\(collect.errors)")
            let stored = try await fleet.store.images(in: place("platform/odd-images"))
            let image = try #require(stored.first { $0.status.image.tags == ["inProgress"] })
            // The simulator ends this scan at the third question.
            #expect(image.status.coverage.state == .scanned, "\(image.status.coverage)")
            #expect(!collect.output.contains("waiting:"), "\(collect.output)")
            // Nine images are asked about once, and one twice more; the archived one is not.
            #expect(try await count("DescribeImageScanFindings", fleet) == 8 + 2)
            try await worker.terminate()
        }
    }

    private func place(_ name: String) -> RepositoryReference {
        RepositoryReference(registry: registry, name: RepositoryName(rawValue: name))
    }
}

extension ECR.DescribeImages.ImageDetail {
    fileprivate var lastUse: Double { max(lastRecordedPullTime ?? 0, imagePushedAt ?? 0) }
}
