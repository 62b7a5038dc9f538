import Domain
import Reporting
import Synchronization
import Testing

/// A registry that is built from its last files and what has changed since is the registry that is built from the store.
@Suite(.timeLimit(.minutes(10))) struct PatchTests {
    private static let noon: Double = 1_763_985_600
    private static let accounts = ["111122223333", "444455556666"].map(AccountID.init(rawValue:))
    /// In an order of letters that is not that of their images: "a-b@" comes before "a@".
    private static let names = ["a", "a-b", "a/c", "b", "b2", "c/d", "e", "f-1", "f", "g"]

    private func publish(
        _ source: SampleSource,
        to deliveryState: Shelf,
        _ changed: ReportScope = .everything,
        onDay day: Int
    ) async throws -> ReportSummary {
        let time = Self.noon + Double(day) * 86_400
        return try await ReportBuilder(source: source, storage: deliveryState, organization: "fleet") { time }.publish(
            changed
        )
    }

    /// Enough findings that a registry has several runs of repositories.
    private func image(
        _ number: Int,
        _ repository: String,
        _ registry: Registry,
        _ random: inout Numbers
    ) -> ImageStatus {
        let isJudged = random.below(5) > 0
        let findings = (0..<(40 + random.below(200))).map { _ in
            Sample.finding("CVE-\(random.below(90))", Severity.known[random.below(5)], package: "p\(random.below(40))")
        }
        return Sample.image(
            "\(100 + number)",
            tags: random.below(3) == 0 ? [] : ["t\(number)", "\"\\"],
            isJudged ? Array(Dictionary(findings.map { ($0.key, $0) }) { first, _ in first }.values) : [],
            coverage: isJudged
                ? Coverage(.scanned, at: Self.noon + 0.25) : Coverage(.failed, reason: "why\n\(number)", at: Self.noon),
            repository: repository,
            in: registry
        )
    }

    private func organization(_ random: inout Numbers) -> SampleSource {
        var source = SampleSource()
        for account in Self.accounts {
            let registry = Registry(account: account, region: Sample.europe.region)
            source.allAccounts.append(Sample.account(account, "account"))
            source.allRegistries.append(RegistryStatus(registry: registry, scanType: "BASIC"))
            for (index, name) in Self.names.enumerated() where index % 4 != 3 {
                let place = RepositoryReference(registry: registry, name: RepositoryName(rawValue: name))
                source.allRepositories.append(RepositoryStatus(place: place, imagesBeyondLimit: index))
                for number in 0..<8 { source.images.append(image(number, name, registry, &random)) }
            }
        }
        source.known = (0..<60).map { number in
            Vulnerability(id: "CVE-\(number)", severity: .high, title: "title \(number)", firstSeen: Double(number))
        }
        return source
    }

    /// Changes, adds and removes some images and repositories.
    ///
    /// - Returns: what was touched, and some places more.
    private func change(_ source: inout SampleSource, _ random: inout Numbers) -> ReportScope {
        var places: Set<ImageReference> = []
        for place in source.images.map(\.image.place) where random.below(12) == 0 {
            source.images.removeAll { $0.image.place == place }
            places.insert(place)
        }
        for _ in 0..<8 {
            let account = Self.accounts[random.below(2)]
            let registry = Registry(account: account, region: Sample.europe.region)
            let new = image(random.below(14), Self.names[random.below(Self.names.count)], registry, &random)
            source.images.removeAll { $0.image.place == new.image.place }
            source.images.append(new)
            places.insert(new.image.place)
        }
        places.insert(source.images[0].image.place)
        places.insert(Sample.image("nowhere", tags: [], repository: "zz").image.place)
        var repositories: [RepositoryReference] = []
        for index in source.allRepositories.indices where random.below(8) == 0 {
            source.allRepositories[index].imagesBeyondLimit += 1
            source.allRepositories[index].obstacle = random.below(2) == 0 ? nil : Coverage(.throttled, reason: "quota")
            source.allRepositories[index].scanObstacle = random.below(2) == 0 ? nil : Coverage(.accessDenied)
            repositories.append(source.allRepositories[index].place)
        }
        return ReportScope(images: places, repositories: repositories)
    }

    private func expectEqual(_ one: Shelf, _ other: Shelf) throws {
        #expect(Set(one.files.keys) == Set(other.files.keys))
        for name in other.files.keys where !name.hasPrefix("parts/") {
            let isEqual = try one.bytes(name) == other.bytes(name)
            #expect(isEqual, "\(name)")
        }
    }

    @Test(arguments: 1...6) func `Equals what is built from the store, byte for byte`(_ seed: UInt64) async throws {
        var random = Numbers(state: seed &* 7919)
        var source = organization(&random)
        let (patched, whole) = (Shelf(), Shelf())
        for deliveryState in [patched, whole] { _ = try await publish(source, to: deliveryState, onDay: 0) }
        let registries = Set(source.allRegistries.map(\.registry))
        for day in 1...4 {
            let scope = change(&source, &random)
            _ = try await publish(source, to: patched, scope, onDay: day)
            _ = try await publish(source, to: whole, .whole(registries), onDay: day)
            try expectEqual(patched, whole)
            for registry in registries {
                let name = "parts/\(registry.account)/\(registry.region)"
                #expect(patched.files[name]?.suffix(64) == whole.files[name]?.suffix(64), "the fingerprint")
            }
        }
        let reads = source.reads.now
        #expect(reads > 0)
        #expect(try await publish(source, to: patched, onDay: 4).built == 0, "a comparison finds nothing to build")
        #expect(source.reads.now == reads)
    }

    @Test func `A comparison finds what only keeps scans from being started`() async throws {
        var random = Numbers(state: 2)
        var source = organization(&random)
        let (compared, whole) = (Shelf(), Shelf())
        for deliveryState in [compared, whole] { _ = try await publish(source, to: deliveryState, onDay: 0) }
        let registries = Set(source.allRegistries.map(\.registry))
        for (day, obstacle) in [Coverage(.accessDenied, reason: "why"), Coverage(.accessDenied), nil].enumerated() {
            source.allRepositories[3].scanObstacle = obstacle
            #expect(try await publish(source, to: compared, onDay: day + 1).built == 1)
            _ = try await publish(source, to: whole, .whole(registries), onDay: day + 1)
            #expect(try compared.value("index.json") == (try whole.value("index.json")))
        }
    }

    @Test func `Reads of the store only what is named, and writes only its registry`() async throws {
        var random = Numbers(state: 1)
        var source = organization(&random)
        let deliveryState = Shelf()
        _ = try await publish(source, to: deliveryState, onDay: 0)
        let passes = source.passes.now
        source.images[5] = image(5, "a", source.allRegistries[0].registry, &random)
        deliveryState.state.withLock { $0.finished = [] }
        _ = try await publish(source, to: deliveryState, ReportScope(images: [source.images[5].image.place]), onDay: 1)
        #expect(source.reads.now == 1)
        #expect(source.passes.now == passes)
        #expect(deliveryState.names.first == "111122223333/eu-west-1.json")
        #expect(!deliveryState.names.contains("444455556666/eu-west-1.json"))
    }

    enum Damage: CaseIterable {
        case oldPart, shortPart, otherRegion, shortRegion, noise
    }

    @Test(arguments: Damage.allCases) func `What cannot be patched is built from the store`(
        _ damage: Damage
    ) async throws {
        var random = Numbers(state: 3)
        var source = organization(&random)
        let (patched, whole) = (Shelf(), Shelf())
        for deliveryState in [patched, whole] { _ = try await publish(source, to: deliveryState, onDay: 0) }
        let (region, part) = ("111122223333/eu-west-1.json", "parts/111122223333/eu-west-1")
        let older = patched.files[region]
        _ = change(&source, &random)
        let all = Set(source.allRegistries.map(\.registry))
        for deliveryState in [patched, whole] {
            _ = try await publish(source, to: deliveryState, .whole(all), onDay: 1)
        }
        for deliveryState in [patched, whole] {
            deliveryState.state.withLock { state in
                switch damage {
                case .oldPart: state.files[part]?.replaceSubrange(15..<16, with: [UInt8(ascii: "1")])
                case .shortPart: state.files[part] = state.files[part].map { Array($0.prefix($0.count / 2)) }
                case .otherRegion: state.files[region] = older
                case .shortRegion: state.files[region] = state.files[region].map { Array($0.prefix($0.count / 2)) }
                case .noise: state.files[region]?.replaceSubrange(3000..<3100, with: repeatElement(0xA5, count: 100))
                }
            }
        }
        let scope = ReportScope(images: source.images.map(\.image.place))
        _ = try await publish(source, to: patched, scope, onDay: 2)
        _ = try await publish(source, to: whole, .whole(all), onDay: 2)
        try expectEqual(patched, whole)
    }

    @Test func `Asks the store only for vulnerabilities that no report has announced of`() async throws {
        var random = Numbers(state: 4)
        var source = organization(&random)
        let deliveryState = Shelf()
        _ = try await publish(source, to: deliveryState, onDay: 0)
        let first = try deliveryState.value("vulnerabilities.json")["vulnerabilities"]
        source.asked.set([])
        source.images.append(
            Sample.image("new", tags: [], [Sample.finding("CVE-5000")], in: source.allRegistries[0].registry)
        )
        source.known.append(Vulnerability(id: "CVE-5000", severity: .low, title: "new"))
        let scope = ReportScope(images: [source.images[source.images.count - 1].image.place])
        _ = try await publish(source, to: deliveryState, scope, onDay: 1)
        let unknown = (60..<90).map { "CVE-\($0)" }
        #expect(Set(source.asked.now) == Set(unknown + ["CVE-5000"]), "what the store did not know, it may know by now")
        let second = try deliveryState.value("vulnerabilities.json")["vulnerabilities"]
        #expect(second?["CVE-5000"]?["title"]?.text == "new")
        for id in first?.keys ?? [] { #expect(first?[id]?["title"] == second?[id]?["title"]) }
    }
}
