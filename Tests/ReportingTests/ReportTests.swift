import Domain
import JSON
import Reporting
import Testing

@Suite struct ReportTests {
    /// Two accounts, of which one cannot be looked into; every kind of image that the report distinguishes.
    private var source: SampleSource {
        var source = SampleSource()
        let sandbox = AccountID(rawValue: "999900001111")
        source.allAccounts = [
            Sample.account(sandbox, "sandbox", obstacle: Coverage(.accessDenied, reason: "the role is missing")),
            Sample.account(Sample.production, "production", unit: "/Prod"),
        ]
        source.allRegistries = [RegistryStatus(registry: Sample.europe, scanType: "BASIC")]
        source.allRepositories = [
            RepositoryStatus(
                place: RepositoryReference(registry: Sample.europe, name: RepositoryName(rawValue: "team/empty")),
                obstacle: Coverage(.throttled),
                imagesBeyondLimit: 7
            )
        ]
        source.images = [
            Sample.image(
                "a",
                tags: ["1.0", "latest"],
                [
                    Sample.finding("CVE-1", .critical), Sample.finding("CVE-1", .high, package: "libssl"),
                    Sample.finding("CVE-2", .low),
                ]
            ),
            Sample.image("b", tags: [], [Sample.finding("CVE-1", .medium)]),
            Sample.image("c", tags: ["clean"]),
            Sample.image(
                "d",
                tags: ["9"],
                coverage: Coverage(.failed, reason: "no \"package\" manager"),
                repository: "team/web"
            ),
        ]
        source.known = [
            Vulnerability(
                id: "CVE-1",
                severity: .low,
                title: "Short",
                description: "Long",
                link: "https://example.com/1",
                attributes: [.init(key: "CVSS3_SCORE", value: "9.8")]
            )
        ]
        source.allSweeps = [
            SweepState(
                id: SweepID(kind: .collect, slot: "1"),
                total: 4,
                done: 3,
                dead: 1,
                isClosed: true,
                completedAt: 86_400
            )
        ]
        return source
    }

    private func published(_ source: SampleSource) async throws -> Shelf {
        let deliveryState = Shelf()
        let builder = ReportBuilder(source: source, storage: deliveryState, organization: "fleet") { 1_763_888_461.9 }
        _ = try await builder.publish()
        return deliveryState
    }

    @Test func `The seed's file has exactly the seed's names`() async throws {
        let seed = try await published(source).value("findings.json")
        #expect(seed.keys == ["vulnerabilities", "accounts", "updated_at"])
        #expect(seed["updated_at"]?.text == "2025-11-23 09:01:01")
        let account = seed["accounts"]?[0]
        #expect(account?.keys == ["account_name", "account_id", "regions"])
        #expect(account?["account_name"]?.text == "production")
        let region = account?["regions"]?[0]
        #expect(region?.keys == ["region", "repositories"])
        let repository = region?["repositories"]?[0]
        #expect(repository?.keys == ["name", "images"])
        #expect(repository?["images"]?[0]?.keys == ["tag", "digest", "cves"])
        let vulnerability = seed["vulnerabilities"]?["CVE-1"]
        #expect(vulnerability?.keys == ["cve", "count"])
        #expect(vulnerability?["cve"]?.keys == ["Attributes", "Description", "Name", "Severity", "Uri"])
        #expect(vulnerability?["cve"]?["Attributes"]?[0]?.keys == ["Key", "Value"])
    }

    @Test func `The seed's file holds every judged image once per tag, and right counts`() async throws {
        let seed = try await published(source).value("findings.json")
        let repositories = try #require(seed["accounts"]?[0]?["regions"]?[0]?["repositories"]?.list)
        #expect(repositories.map { $0["name"]?.text } == ["team/app"], "an image that is not judged makes no entry")
        let images = try #require(repositories.first?["images"]?.list)
        #expect(images.map { $0["tag"]?.text } == ["1.0", "latest", "", "clean"])
        #expect(
            images.map { $0["cves"]?.list.compactMap(\.text) } == [
                ["CVE-1", "CVE-2"], ["CVE-1", "CVE-2"], ["CVE-1"], [],
            ]
        )
        let entries = images.flatMap { $0["cves"]?.list.compactMap(\.text) ?? [] }
        for id in ["CVE-1", "CVE-2"] {
            #expect(seed["vulnerabilities"]?[id]?["count"]?.number == Double(entries.count { $0 == id }))
        }
        #expect(seed["vulnerabilities"]?["CVE-1"]?["cve"]?["Severity"]?.text == "CRITICAL", "the worst that was seen")
        #expect(
            seed["vulnerabilities"]?["CVE-2"]?["cve"]?["Uri"]?.text == "",
            "nothing is known of it but that it occurs"
        )
    }

    @Test func `The index names everything that was not judged, and why`() async throws {
        let index = try await published(source).value("index.json")
        #expect(index["generated_at"]?.text == "2025-11-23T09:01:01Z")
        #expect(index["organization"]?.text == "fleet")
        let sandbox = try #require(index["accounts"]?.list.first { $0["name"]?.text == "sandbox" })
        #expect(sandbox["obstacle"]?["reason"]?.text == "the role is missing")
        #expect(sandbox["organizational_unit"] == nil)
        #expect(index["accounts"]?[0]?["organizational_unit"]?.text == "/Prod")
        let region = index["accounts"]?[0]?["regions"]?[0]
        #expect(region?["file"]?.text == "111122223333/eu-west-1.json")
        let repositories = try #require(region?["repositories"]?.list)
        #expect(repositories.map { $0["name"]?.text } == ["team/app", "team/web", "team/empty"])
        let gap = repositories[1]["not_judged"]?[0]
        #expect(gap?["reason"]?.text == "no \"package\" manager")
        #expect(gap?["state"]?.text == "failed")
        #expect(repositories[2]["obstacle"]?["state"]?.text == "throttled")
        #expect(repositories[2]["images_beyond_limit"]?.number == 7)
        for level in [index, index["accounts"]?[0], region] {
            #expect(level?["images"]?.number == 4)
            #expect(level?["judged"]?.number == 3)
            #expect(level?["coverage"] == .object(["scanned": .number(3), "failed": .number(1)]))
            #expect(
                level?["findings"]
                    == .object(["CRITICAL": .number(1), "HIGH": .number(1), "MEDIUM": .number(1), "LOW": .number(1)])
            )
        }
        #expect(index["obstacles"]?.number == 2)
        #expect(index["sweeps"]?[0]?["dead"]?.number == 1)
        #expect(index["sweeps"]?[0]?["completed_at"]?.text == "1970-01-02T00:00:00Z")
    }

    @Test func `The index names the critical vulnerabilities that were met last`() async throws {
        var source = source
        let packages = ["openssl", "curl", "zlib", "bash"]
        let many = (1...10).flatMap { number in
            packages.map { Sample.finding("CVE-\(number)", number == 4 ? .high : .critical, package: $0) }
        }
        // The time of 10 is not known; 7 and 8 came together, 8 in two images.
        source.images = [
            Sample.image("a", tags: ["1"], many),
            Sample.image("b", tags: [], [Sample.finding("CVE-8", .critical)]),
        ]
        source.known = (1...9).map { number in
            let title = number == 9 ? "the last" : nil
            return Vulnerability(
                id: "CVE-\(number)",
                severity: .low,
                title: title,
                firstSeen: Double(number == 8 ? 7 : number) * 86_400
            )
        }
        let newest = try #require(try await published(source).value("index.json")["newest_critical"]?.list)
        #expect(newest.map { $0["id"]?.text } == [9, 8, 7, 6, 5, 3, 2, 1].map { "CVE-\($0)" })
        #expect(
            newest.first
                == .object([
                    "id": .string("CVE-9"), "first_seen": .string("1970-01-10T00:00:00Z"), "images": .number(1),
                    "packages": .array(["bash", "curl", "openssl"].map(Value.string)), "title": .string("the last"),
                    "score": .number(7.5),
                ])
        )
        source.known = []
        let unknown = try #require(try await published(source).value("index.json")["newest_critical"]?.list)
        #expect(unknown.map { $0["id"]?.text } == [8, 1, 10, 2, 3, 5, 6, 7].map { "CVE-\($0)" })
        #expect(unknown.first?["first_seen"] == .null)
        #expect(unknown.first?["title"] == .null)
    }

    @Test func `A region's file holds every image with its findings as rows`() async throws {
        let region = try await published(source).value("111122223333/eu-west-1.json")
        let images = try #require(region["repositories"]?[0]?["images"]?.list)
        #expect(images.count == 3)
        let fields = region["fields"]?.list.compactMap { $0.text } ?? []
        #expect(images[0]["findings"]?.list.allSatisfy { $0.list.count == fields.count } == true)
        #expect(
            images[0]["findings"]?[0]
                == .array([
                    .string("CVE-1"), .string("HIGH"), .string("libssl"), .string("3.0"), .string("3.1"), .number(7.5),
                    .number(0),
                ])
        )
    }

    @Test func `The index is stored last, and vulnerabilities count images`() async throws {
        let deliveryState = try await published(source)
        #expect(
            deliveryState.names == [
                "111122223333/eu-west-1.json", "vulnerabilities.json", "findings.json", "history.json", "index.json",
            ]
        )
        let known = try deliveryState.value("vulnerabilities.json")["vulnerabilities"]?["CVE-1"]
        #expect(known?["images"]?.number == 2)
        #expect(known?["attributes"] == .array([.array([.string("CVSS3_SCORE"), .string("9.8")])]))
    }

    @Test func `An account that is not listed any more is shown under its id`() async throws {
        var source = source
        source.allAccounts = []
        let deliveryState = try await published(source)
        #expect(
            try deliveryState.value("findings.json")["accounts"]?[0]?["account_name"]?.text
                == Sample.production.rawValue
        )
        #expect(try deliveryState.value("index.json")["accounts"]?[0]?["state"]?.text == "UNLISTED")
    }

    @Test func `An empty organization is a valid report`() async throws {
        let deliveryState = try await published(SampleSource())
        #expect(try deliveryState.value("findings.json")["accounts"] == .array([]))
        #expect(try deliveryState.value("index.json")["images"]?.number == 0)
    }

    /// Large enough that every file is flushed to the compressor many times.
    @Test func `A report that is streamed is the same as one that fits a buffer`() async throws {
        var source = source
        source.images = (0..<3000).map { number in
            let findings = (0..<20).map { Sample.finding("CVE-\((number * 7 + $0 * 13) % 400)", package: "p\($0)") }
            return Sample.image(
                "\(10_000 + number)",
                tags: number % 5 == 0 ? [] : ["t\(number)"],
                findings,
                repository: "r\(10 + number / 100)"
            )
        }
        let deliveryState = try await published(source)
        let seed = try deliveryState.value("findings.json")
        let repositories = try #require(seed["accounts"]?[0]?["regions"]?[0]?["repositories"]?.list)
        let images = repositories.flatMap { $0["images"]?.list ?? [] }
        #expect(repositories.count == 30)
        #expect(images.count == 3000)
        for (image, written) in zip(source.images, images) {
            let ids = Set(image.findings.map(\.key.vulnerability)).sorted()
            #expect(written["cves"]?.list.compactMap(\.text) == ids)
        }
        let total = seed["vulnerabilities"]?.keys.reduce(0) {
            $0 + (seed["vulnerabilities"]?[$1]?["count"]?.number ?? 0)
        }
        #expect(total == Double(images.reduce(0) { $0 + ($1["cves"]?.list.count ?? 0) }))
        #expect(try deliveryState.bytes("111122223333/eu-west-1.json").count > 1 << 20)
    }
}
