import Domain
import Reporting
import Synchronization
import Testing

/// A report that is made from what changed is the report that is made from everything.
@Suite struct IncrementalReportTests {
    private static let day: Double = 86_400
    private static let noon: Double = 1_763_985_600

    private func publish(
        _ source: SampleSource,
        to deliveryState: Shelf,
        _ changed: ReportScope = .everything,
        at time: Double = noon
    ) async throws -> ReportSummary {
        try await ReportBuilder(source: source, storage: deliveryState, organization: "fleet") { time }.publish(changed)
    }

    private func registry(_ number: Int) -> Registry {
        Registry(account: AccountID(rawValue: "11112222333\(number)"), region: RegionName(rawValue: "eu-west-1"))
    }

    /// Some registries with images of every kind.
    private func organization(seed: UInt64) -> SampleSource {
        var random = Numbers(state: seed)
        var source = SampleSource()
        for number in 0..<4 {
            source.allAccounts.append(Sample.account(registry(number).account, "account \(number)"))
            source.allRegistries.append(RegistryStatus(registry: registry(number), scanType: "BASIC"))
            for image in 0..<20 { source.images.append(Self.image(image, in: registry(number), &random)) }
        }
        source.known = (0..<30).map { Vulnerability(id: "CVE-\($0)", severity: .high, title: "title \($0)") }
        return source
    }

    private static func image(_ number: Int, in registry: Registry, _ random: inout Numbers) -> ImageStatus {
        let isJudged = random.below(4) > 0
        let findings = (0..<random.below(6)).map { _ in
            Sample.finding(
                "CVE-\(random.below(30))",
                [.critical, .high, .low][random.below(3)],
                package: "p\(random.below(3))"
            )
        }
        return Sample.image(
            "\(number)",
            tags: random.below(3) == 0 ? [] : ["t\(number)"],
            isJudged ? Array(Set(findings)) : [],
            coverage: isJudged ? Coverage(.scanned, at: noon) : Coverage(.failed, reason: "why \(number)"),
            repository: "r\(number / 7)",
            in: registry
        )
    }

    @Test(arguments: 1...10) func `Equals the report of everything`(_ seed: UInt64) async throws {
        let before = organization(seed: seed)
        let first = Shelf()
        _ = try await publish(before, to: first)

        var after = before
        var random = Numbers(state: seed &* 77)
        let changed: Set<Registry> = [registry(1), registry(3)]
        after.images.removeAll { changed.contains($0.image.place.repository.registry) && random.below(5) == 0 }
        for index in after.images.indices where changed.contains(after.images[index].image.place.repository.registry) {
            guard random.below(2) == 0 else { continue }
            after.images[index] = Self.image(
                index % 20,
                in: after.images[index].image.place.repository.registry,
                &random
            )
        }
        after.images = Array(Dictionary(after.images.map { ($0.image.place, $0) }) { old, _ in old }.values)
        let (some, all) = (Shelf(first.files), Shelf(first.files))
        let summary = try await publish(after, to: some, .whole(changed), at: Self.noon + Self.day)
        let compared = Shelf(first.files)
        let comparison = try await publish(after, to: compared, at: Self.noon + Self.day)
        #expect(comparison.built <= 2, "what does not differ is not read")
        after.isForgetful = true
        #expect(try await publish(after, to: all, at: Self.noon + Self.day).built == 4)
        #expect(summary.built == 2)
        #expect(summary.images == after.images.count)
        #expect(Set(some.files.keys) == Set(all.files.keys))
        for name in all.files.keys where !name.hasPrefix("parts/") {
            #expect(try Self.content(name, of: some) == (try Self.content(name, of: all)), "\(name)")
            #expect(try Self.content(name, of: compared) == (try Self.content(name, of: all)), "\(name)")
        }
        #expect(some.names.last == "index.json")
        #expect(!some.names.contains("111122223330/eu-west-1.json"), "what did not change is not written")
    }

    /// What a file tells but when a registry's own was written: one in which nothing changed stays as it is.
    private static func content(_ name: String, of deliveryState: Shelf) throws -> Value {
        guard case .object(var members) = try deliveryState.value(name), name.contains("/") else {
            return try deliveryState.value(name)
        }
        #expect(members.removeValue(forKey: "generated_at")?.text != nil)
        return .object(members)
    }

    @Test func `Builds anew what is not there, and what it cannot read`() async throws {
        let source = organization(seed: 5)
        let deliveryState = Shelf()
        _ = try await publish(source, to: deliveryState)
        let whole = try deliveryState.value("findings.json")
        deliveryState.state.withLock { state in
            state.files["parts/111122223330/eu-west-1"] = nil
            state.files["111122223331/eu-west-1.json"] = nil
            state.files["parts/111122223332/eu-west-1"] = Array("scanfleet part 0\n".utf8)
        }
        let summary = try await publish(source, to: deliveryState, .nothing)
        #expect(summary.built == 2)
        #expect(try deliveryState.value("findings.json") == whole)
        deliveryState.state.withLock { $0.files["parts/111122223333/eu-west-1"]?.removeLast(10) }
        _ = try await publish(source, to: deliveryState, .nothing)
        #expect(try deliveryState.value("findings.json") == whole)
    }

    @Test func `Removes the files of a registry that is gone, after the index`() async throws {
        var source = organization(seed: 6)
        let deliveryState = Shelf(["logo.png": [1], "notes/999999999999": [2]])
        _ = try await publish(source, to: deliveryState)
        source.allRegistries.removeAll { $0.registry == registry(2) }
        source.allAccounts.removeAll { $0.account.id == registry(2).account }
        source.images.removeAll { $0.image.place.repository.registry == registry(2) }
        _ = try await publish(source, to: deliveryState, .nothing)
        #expect(
            deliveryState.state.withLock { $0.removed } == [
                "111122223332/eu-west-1.json", "parts/111122223332/eu-west-1",
            ]
        )
        #expect(deliveryState.files["logo.png"] != nil, "what is not ours stays")
        let index = try deliveryState.value("index.json")
        #expect(index["images"]?.number == 60)
        let vulnerabilities = try deliveryState.value("vulnerabilities.json")
        #expect(vulnerabilities["registries"]?.list.count == 3)
    }

    @Test func `The index stays the old one where a file before it cannot be written`() async throws {
        let source = organization(seed: 7)
        let deliveryState = Shelf()
        _ = try await publish(source, to: deliveryState)
        let index = deliveryState.files["index.json"]
        deliveryState.state.withLock { $0.broken = "findings.json" }
        await #expect(throws: Shelf.Missing.self) {
            try await publish(source, to: deliveryState, .whole([registry(0)]))
        }
        #expect(deliveryState.files["index.json"] == index)
    }

    @Test func `A vulnerability tells where it occurs`() async throws {
        var source = organization(seed: 8)
        source.images = [
            Sample.image(
                "a",
                tags: ["1"],
                [Sample.finding("CVE-1", package: "b"), Sample.finding("CVE-1", package: "a")],
                in: registry(0)
            ),
            Sample.image("b", tags: ["1"], [Sample.finding("CVE-1", .critical, package: "c")], in: registry(2)),
            Sample.image("c", tags: [], [Self.unfixable("CVE-1")], in: registry(2)),
        ]
        source.known = [Vulnerability(id: "CVE-1", severity: .high)]
        source.known[0].firstSeen = 86_400
        let deliveryState = Shelf()
        _ = try await publish(source, to: deliveryState)
        let report = try deliveryState.value("vulnerabilities.json")
        #expect(report["registries"]?.list.map(\.text) == (0..<4).map { registry($0).description })
        let entry = try #require(report["vulnerabilities"]?["CVE-1"])
        #expect(entry["places"] == .array([.array([.number(0), .number(1)]), .array([.number(2), .number(2)])]))
        #expect(entry["packages"]?.list.map(\.text) == ["a", "b", "c", "zlib"])
        #expect(entry["images"]?.number == 3)
        #expect(entry["fixable_images"]?.number == 2)
        #expect(entry["first_seen"]?.text == "1970-01-02T00:00:00Z")
        #expect(entry["score"]?.number == 9.8)
        #expect(entry["severity"]?.text == "CRITICAL")
    }

    private static func unfixable(_ id: String) -> Finding {
        let key = Finding.Key(vulnerability: id, package: "zlib", version: "1")
        return Finding(key: key, severity: .low, fixedVersion: nil, score: 9.8)
    }
}

/// Repeatable random numbers.
struct Numbers {
    var state: UInt64

    mutating func below(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(limit))
    }
}

extension ReportScope {
    static func whole(_ registries: Set<Registry>) -> ReportScope {
        .registries(Dictionary(uniqueKeysWithValues: registries.map { ($0, .whole) }))
    }
}
