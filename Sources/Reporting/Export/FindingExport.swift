package import Domain

/// An export format for findings; images come one by one, and a format keeps at most a list of its vulnerabilities.
package protocol FindingExport {
    /// Whether the format contains titles or descriptions, which the exporter must then read.
    static var announcesVulnerabilities: Bool { get }
    /// Writes one image; `known` holds the details of its vulnerabilities, by id.
    mutating func add(_ image: ImageStatus, account: Account, known: [String: Vulnerability])
    /// Ends the document.
    mutating func finish()
    /// Returns the bytes written so far and removes them from memory.
    mutating func drain() -> [UInt8]
}

/// Exports the images of a source.
package struct Exporter<Source: ReportSource>: Sendable {
    private let source: Source

    /// How many vulnerabilities are cached; beyond that the cache is emptied, and the common ones are soon read again.
    private static var mostKnown: Int { 20_000 }
    private static var vulnerabilityBatch: Int { 100 }

    /// Exports from `source`.
    package init(source: Source) { self.source = source }

    /// Writes the images of these accounts; nil is all accounts.
    ///
    /// - Returns: how many images were written.
    package func run(
        _ export: some FindingExport,
        accounts: Set<AccountID>?,
        write: ([UInt8]) async throws -> Void
    ) async throws -> Int {
        var export = export
        var known: [String: Vulnerability] = [:]
        var images = 0
        let listed = try await source.accounts().map { ($0.account.id, $0.account) }
        let byID = Dictionary(listed, uniquingKeysWith: { first, _ in first })
        let registries = try await source.registries().map(\.registry).sorted()
        for registry in registries where accounts?.contains(registry.account) ?? true {
            let account = byID[registry.account] ?? Account(id: registry.account, name: "", state: .active)
            for try await image in source.images(in: registry).map(\.judged) {
                if type(of: export).announcesVulnerabilities { try await learn(image, &known) }
                export.add(image, account: account, known: known)
                images += 1
                try await write(export.drain())
            }
        }
        export.finish()
        try await write(export.drain())
        return images
    }

    private func learn(_ image: ImageStatus, _ known: inout [String: Vulnerability]) async throws {
        if known.count > Self.mostKnown { known = [:] }
        var missing = Array(Set(image.findings.map(\.key.vulnerability)).filter { known[$0] == nil })[...]
        while !missing.isEmpty {
            let batch = Array(missing.prefix(Self.vulnerabilityBatch))
            missing = missing.dropFirst(batch.count)
            for vulnerability in try await source.vulnerabilities(batch) { known[vulnerability.id] = vulnerability }
        }
    }
}
