internal import Domain

/// Builds every file of the report in one pass over the store.
///
/// In memory are one image, the counts per vulnerability, and the compressed bytes of the files that are open.
package struct ReportBuilder<Source: ReportSource>: Sendable {
    private let source: Source
    private let sink: ReportSink
    private let organization: String
    private let now: @Sendable () -> Double

    /// How many vulnerabilities are asked for at once: DynamoDB gives 100 items a call.
    private static var vulnerabilityBatch: Int { 100 }

    /// Builds from `source` into `sink`; `organization` names the fleet in the index, `now` gives seconds since 1970.
    package init(source: Source, sink: ReportSink, organization: String, now: @escaping @Sendable () -> Double) {
        self.source = source
        self.sink = sink
        self.organization = organization
        self.now = now
    }

    /// Writes the whole report, the index last: whoever reads it finds everything that it names.
    ///
    /// - Returns: what was written.
    package func publish() async throws -> ReportSummary {
        let sweeps = try await source.sweeps()
        var pass = try ReportPass(organization: organization, generatedAt: now(), sweeps: sweeps)
        let registries = Dictionary(grouping: try await source.registries(), by: \.registry.account)
        for account in Self.complete(try await source.accounts(), with: registries.keys.sorted()) {
            pass.begin(account)
            let own = registries[account.account.id, default: []].sorted { $0.registry < $1.registry }
            for registry in own { try await write(registry, into: &pass) }
            pass.endAccount()
        }
        try await writeVulnerabilities(into: &pass)
        for document in pass.finish() { try await put(document, counting: &pass.summary) }
        return pass.summary
    }

    private func write(_ registry: JudgedRegistry, into pass: inout ReportPass) async throws {
        try pass.begin(registry, repositories: try await source.repositories(in: registry.registry))
        for try await image in source.images(in: registry.registry) { pass.add(image) }
        if let document = pass.endRegion() { try await put(document, counting: &pass.summary) }
    }

    private func writeVulnerabilities(into pass: inout ReportPass) async throws {
        var ids = pass.beginVulnerabilities()[...]
        while !ids.isEmpty {
            let batch = Array(ids.prefix(Self.vulnerabilityBatch))
            ids = ids.dropFirst(batch.count)
            let known = try await source.vulnerabilities(batch)
            let byID = Dictionary(known.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            for id in batch { pass.add(id, known: byID[id]) }
        }
    }

    private func put(_ document: ReportDocument, counting summary: inout ReportSummary) async throws {
        try await sink.put(document)
        summary.documents += 1
        summary.bytes += document.body.count
    }

    /// All accounts, sorted; one that has registries and is not listed any more is shown under its id.
    private static func complete(_ accounts: [JudgedAccount], with seen: [AccountID]) -> [JudgedAccount] {
        let listed = Set(accounts.map(\.account.id))
        let unlisted = seen.filter { !listed.contains($0) }.map { id in
            JudgedAccount(account: Account(id: id, name: "", state: .init(rawValue: "UNLISTED")))
        }
        return (accounts + unlisted).sorted { $0.account.id < $1.account.id }
    }
}

/// What one report holds.
package struct ReportSummary: Hashable, Sendable {
    package var images = 0
    package var judged = 0
    package var documents = 0
    /// Compressed bytes of all documents together.
    package var bytes = 0
}

/// One pass: an image goes to every file that tells of it.
struct ReportPass {
    var summary = ReportSummary()
    private var seed: SeedReport
    private var index: IndexReport
    private var vulnerabilities: VulnerabilityReport
    private var region: RegionReport?
    private var occurrences = Occurrences()
    private let generatedAt: Double

    init(organization: String, generatedAt: Double, sweeps: [SweepState]) throws {
        self.generatedAt = generatedAt
        seed = try SeedReport()
        index = try IndexReport(organization: organization, generatedAt: generatedAt, sweeps: sweeps)
        vulnerabilities = try VulnerabilityReport(generatedAt: generatedAt)
    }

    mutating func begin(_ account: JudgedAccount) {
        seed.begin(account.account)
        index.begin(account)
    }

    mutating func begin(_ registry: JudgedRegistry, repositories: [JudgedRepository]) throws {
        seed.begin(registry.registry.region)
        index.begin(registry, repositories: repositories, file: RegionReport.name(of: registry.registry))
        region = try RegionReport(registry.registry)
    }

    mutating func add(_ image: JudgedImage) {
        summary.images += 1
        index.add(image)
        region?.add(image)
        guard image.coverage.isJudged else { return }
        summary.judged += 1
        let ids = occurrences.add(image, entries: SeedReport.tags(of: image.image).count)
        seed.add(image.image, vulnerabilities: ids)
    }

    mutating func endRegion() -> ReportDocument? {
        seed.endRegion()
        index.endRegion()
        defer { region = nil }
        return region?.finish()
    }

    mutating func endAccount() {
        seed.endAccount()
        index.endAccount()
    }

    /// Ends the images.
    ///
    /// - Returns: the ids of all vulnerabilities seen, sorted.
    mutating func beginVulnerabilities() -> [String] {
        seed.beginVulnerabilities()
        return occurrences.byID.keys.sorted()
    }

    mutating func add(_ id: String, known: Vulnerability?) {
        guard let occurrence = occurrences.byID[id] else { return }
        seed.add(id, occurrence, known: known)
        vulnerabilities.add(id, occurrence, known: known)
    }

    /// The files that tell of the whole organization, in the order to store them.
    mutating func finish() -> [ReportDocument] {
        [
            vulnerabilities.finish(), seed.finish(updatedAt: generatedAt),
            index.finish(vulnerabilities: occurrences.byID.count),
        ]
    }
}
