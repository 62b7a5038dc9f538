/// Makes images whose findings look like those of real ones: shared base images, each with packages of its own.
struct ImageFactory {
    let catalogue: Catalogue
    /// Seconds since 1970; pushes and scans lie before it.
    let now: Double
    let isEnhanced: Bool
    var generator: SeededGenerator

    /// An image of the usual kind with its scan completed, most of them more than a day ago.
    mutating func image(tags: [String]) -> SimulatedImage {
        let hours =
            generator.chance(0.3)
            ? Double.random(in: 2..<20, using: &generator) : .random(in: 25..<70, using: &generator)
        let scannedAt = (now - hours * 3600).rounded(.down)
        let pushedAt = scannedAt - Double(Int.random(in: 60..<8_000_000, using: &generator))
        return SimulatedImage(
            digest: generator.digest(),
            tags: tags,
            pushedAt: pushedAt,
            scan: ScanState(
                outcome: isEnhanced ? .active : .complete,
                phase: .ended(at: scannedAt),
                startedAt: isEnhanced ? nil : scannedAt - 4
            ),
            findings: findings()
        )
    }

    mutating func digest() -> String { generator.digest() }

    /// An image of a kind that is met now and then.
    mutating func oddImage(_ oddity: ImageScenario, tags: [String]) -> SimulatedImage {
        var image = image(tags: tags)
        oddity.apply(to: &image, now: now)
        return image
    }

    /// Findings of some thirty packages, each with a few of its vulnerabilities.
    mutating func findings() -> [SimulatedFinding] {
        let base = Int.random(in: 0..<6, using: &generator)
        let packages = (0..<22).map { ($0 * 5 + base * 19) % catalogue.packages.count }
        let extra = (0..<6).map { _ in Int.random(in: 0..<catalogue.packages.count, using: &generator) }
        var findings: [SimulatedFinding] = []
        for package in Set(packages + extra).sorted() {
            let version = version(of: package, base: base)
            for vulnerability in catalogue.byPackage[catalogue.packages[package]] ?? [] where generator.chance(0.13) {
                findings += hits(of: vulnerability, version: version)
            }
        }
        return findings
    }

    /// Every vulnerability of the catalogue, then the same ones in versions with long names that hardly compress, up to
    /// `limit` findings.
    func findings(limit: Int) -> [SimulatedFinding] {
        var findings = catalogue.vulnerabilities.indices.flatMap { hits(of: $0, version: "3.\($0 % 7)") }
        var letters = SeededGenerator(seed: 0, "long versions")
        while findings.count < limit, !catalogue.vulnerabilities.isEmpty {
            let build = letters.text(160, from: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
            findings += hits(of: findings.count % catalogue.vulnerabilities.count, version: "4.0+\(build)")
        }
        return Array(findings.prefix(limit))
    }

    /// One finding for each package that the vulnerability hits.
    func hits(of vulnerability: Int, version: String) -> [SimulatedFinding] {
        catalogue.vulnerabilities[vulnerability].packages.map { package in
            SimulatedFinding(
                vulnerability: vulnerability,
                package: package,
                version: version,
                release: isEnhanced && vulnerability % 3 > 0 ? "\(vulnerability % 9 + 1)+sim2" : nil,
                fixedVersion: isEnhanced && vulnerability % 4 > 0 ? "\(version).\(vulnerability % 5 + 1)" : nil
            )
        }
    }

    private func version(of package: Int, base: Int) -> String { "\(package % 9 + 1).\(base).\(package * 7 % 31)" }
}
