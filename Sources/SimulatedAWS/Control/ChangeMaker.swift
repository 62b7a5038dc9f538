/// Changes some findings and images, and tells exactly which.
struct ChangeMaker {
    enum Kind: String, CaseIterable {
        /// New CRITICAL and HIGH findings of vulnerabilities that nobody knew before.
        case open
        /// Some findings are gone.
        case resolve
        case delete
        case push
        /// One new CRITICAL finding, the same in every image.
        case spread
        /// Takes what was spread out of an image again.
        case mend
    }

    /// By which what was spread is known.
    private static let spreadVersion = "8.0"

    var organization: Organization
    private var generator: SeededGenerator
    /// Seconds since 1970.
    private let now: Double
    private var changed: Set<String> = []
    private var shared: SimulatedFinding?

    init(_ organization: Organization, seed: UInt64, now: Double) {
        self.organization = organization
        self.now = now.rounded(.down)
        generator = SeededGenerator(seed: seed, "changes")
    }

    /// Where an image stands.
    private struct Place {
        var account: Int
        var region: String
        var repository: Int
        var image: Int
    }

    /// Makes `count` changes of the kind, each to another image; one of each kind and more where `kind` is nil.
    mutating func make(_ kind: Kind?, count: Int) -> JSONValue {
        let kinds =
            kind.map { Array(repeating: $0, count: count) } ?? [
                .open, .open, .open, .resolve, .resolve, .delete, .push,
            ]
        return .array(kinds.compactMap { change($0) })
    }

    private mutating func change(_ kind: Kind) -> JSONValue? {
        guard let place = pick(kind) else { return nil }
        var image = image(at: place)
        let old = image.findings
        switch kind {
        case .open:
            image.findings += newFindings()
        case .spread: image.findings.append(sharedFinding())
        case .mend: image.findings.removeAll { $0.version == Self.spreadVersion }
        case .resolve: image.findings.removeSubrange(0..<max(1, image.findings.count / 4))
        case .delete:
            update(place) { $0.delete(digest: image.digest) }
            return describe("deleted", place, image, opened: [], resolved: old)
        case .push:
            image = SimulatedImage(
                digest: generator.digest(),
                tags: ["pushed-\(generator.text(6, from: "0123456789abcdef"))"],
                pushedAt: now - 5,
                scan: ScanState(outcome: image.scan.outcome, phase: .ended(at: now), startedAt: now - 5),
                findings: Array(old.prefix(20)) + newFindings()
            )
            let pushed = image
            update(place) { $0.push(pushed) }
            return describe("pushed", place, image, opened: image.findings, resolved: [])
        }
        // ECR tells a changed image by the time of its last scan.
        image.scan.phase = .ended(at: now)
        let changedImage = image
        update(place) { $0.update(place.image) { $0 = changedImage } }
        let before = Set(old)
        let after = Set(image.findings)
        return describe(
            "changed",
            place,
            image,
            opened: image.findings.filter { !before.contains($0) },
            resolved: old.filter { !after.contains($0) }
        )
    }

    private mutating func newFindings() -> [SimulatedFinding] {
        ["CRITICAL", "HIGH"].map { severity in
            let number = organization.catalogue.addNew(severity: severity, using: &generator)
            let package = organization.catalogue.vulnerabilities[number].packages[0]
            return SimulatedFinding(
                vulnerability: number,
                package: package,
                version: "9.\(number % 10)",
                release: nil,
                fixedVersion: nil
            )
        }
    }

    private mutating func sharedFinding() -> SimulatedFinding {
        if let shared { return shared }
        let number = organization.catalogue.addNew(severity: "CRITICAL", using: &generator)
        let finding = SimulatedFinding(
            vulnerability: number,
            package: organization.catalogue.vulnerabilities[number].packages[0],
            version: Self.spreadVersion,
            release: nil,
            fixedVersion: "8.1"
        )
        shared = finding
        return finding
    }

    /// A judged image that has not been changed yet; none that an index lists.
    private mutating func pick(_ kind: Kind) -> Place? {
        var places: [Place] = []
        for (number, account) in organization.accounts.enumerated() where account.obstacle == nil {
            for registry in account.registries.values.sorted(by: { $0.region < $1.region }) {
                for (position, repository) in registry.repositories.enumerated()
                where repository.name.hasPrefix("team/") {
                    places += repository.images.indices.filter { isChangeable(repository.images[$0], kind) }
                        .map { Place(account: number, region: registry.region, repository: position, image: $0) }
                }
            }
        }
        guard let place = places.randomElement(using: &generator) else { return nil }
        changed.insert(image(at: place).digest)
        return place
    }

    private func isChangeable(_ image: SimulatedImage, _ kind: Kind) -> Bool {
        image.coverage(now: now, isWatched: true)?.state == "scanned" && !image.tags.isEmpty
            && !changed.contains(image.digest)
            && (kind != .resolve || !image.findings.isEmpty)
            && (kind != .mend || image.findings.contains { $0.version == Self.spreadVersion })
    }

    private func image(at place: Place) -> SimulatedImage {
        organization.accounts[place.account].registries[place.region]?.repositories[place.repository].images[
            place.image
        ]
            ?? SimulatedImage(digest: "", tags: [], pushedAt: 0, scan: ScanState(outcome: .complete, phase: .never))
    }

    private mutating func update(_ place: Place, _ change: (inout SimulatedRepository) -> Void) {
        organization.accounts[place.account].registries[place.region]?.update(place.repository, change)
    }

    private func describe(
        _ change: String,
        _ place: Place,
        _ image: SimulatedImage,
        opened: [SimulatedFinding],
        resolved: [SimulatedFinding]
    ) -> JSONValue {
        let account = organization.accounts[place.account]
        return [
            "change": .string(change),
            "account": .string(account.id),
            "region": .string(place.region),
            "repository": .string(account.registries[place.region]?.repositories[place.repository].name ?? ""),
            "digest": .string(image.digest),
            "tags": .texts(image.tags.sorted()),
            "opened": .array(opened.map(organization.describe)),
            "resolved": .array(resolved.map(organization.describe)),
        ]
    }
}
