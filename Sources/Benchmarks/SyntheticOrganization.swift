package import Domain
package import Reporting

/// An organization of any size, generated while it is read: the same numbers give the same images.
///
/// Images of one repository share a base image's findings and have some of their own, as real ones do. There are 20,000
/// vulnerabilities, of which some are common and most are rare.
package struct SyntheticOrganization: ReportSource {
    /// How many images the organization has in total.
    package var images: Int
    /// How many findings each judged image has, of which eight in ten come from the base image.
    package var findingsPerImage: Int
    /// How many registries the images are divided among, three per account.
    package var registryCount: Int
    /// Registries in which every image is changed.
    package var changedRegistries: Set<Registry> = []
    /// Changes every n-th image, in whatever registry it is; nil changes none.
    package var changedEvery: Int?

    private static let vulnerabilityCount = 20_000
    private static let imagesPerRepository = 20
    /// The first repository's number, so large that all names have one length and sort by their numbers.
    private static let firstRepository = 100_000
    /// When all images were scanned, in seconds since 1970; changed images were scanned a day later.
    private static let scannedAt: Double = 1_763_985_600

    /// Describes an organization.
    package init(images: Int, findingsPerImage: Int, registryCount: Int) {
        self.images = images
        self.findingsPerImage = findingsPerImage
        self.registryCount = registryCount
    }

    /// All registries, in three regions per account.
    package var all: [Registry] {
        let regions = ["ap-east-1", "eu-central-1", "us-east-1"]
        return (0..<registryCount).map { number in
            Registry(
                account: AccountID(rawValue: "\(100_000_000_000 + number / regions.count)"),
                region: RegionName(rawValue: regions[number % regions.count])
            )
        }
    }

    /// The accounts of all registries, active and without obstacles, in no order.
    package func accounts() -> [AccountStatus] {
        Set(all.map(\.account)).map { id in
            AccountStatus(account: Account(id: id, name: "account \(id)", state: .active))
        }
    }

    /// All registries, with basic scanning and without obstacles.
    package func registries() -> [RegistryStatus] { all.map { RegistryStatus(registry: $0, scanType: "BASIC") } }

    /// None: the report learns the repositories from their images.
    package func repositories(in registry: Registry) -> [RepositoryStatus] { [] }

    /// None: the index lists no sweeps.
    package func sweeps() -> [SweepState] { [] }

    /// The registry's images, generated one by one.
    package func images(in registry: Registry) -> SyntheticImages {
        SyntheticImages(organization: self, registry: registry, numbers: numbers(in: registry))
    }

    /// The images at those of the places that have one.
    package func images(at places: [ImageReference]) -> [SourceImage] {
        places.compactMap { place in
            let own = numbers(in: place.repository.registry)
            guard let number = number(at: place, from: own.lowerBound), own.contains(number) else { return nil }
            return image(number, in: place.repository.registry, from: own.lowerBound)
        }
    }

    /// Passes the fingerprints of the registry's images to `take`, without generating the images.
    package func fingerprints(in registry: Registry, _ take: (ImageReference, String) -> Void) {
        let own = numbers(in: registry)
        for number in own { take(place(number, in: registry, from: own.lowerBound), fingerprint(number, in: registry)) }
    }

    /// The images that `changedEvery` changes.
    package var changedImages: [ImageReference] {
        all.flatMap { registry in
            let own = numbers(in: registry)
            return own.filter(isSpreadChange).map { place($0, in: registry, from: own.lowerBound) }
        }
    }

    private func numbers(in registry: Registry) -> Range<Int> {
        let number = all.firstIndex(of: registry) ?? 0
        return (images * number / registryCount)..<(images * (number + 1) / registryCount)
    }

    private func fingerprint(_ number: Int, in registry: Registry) -> String {
        let digits = String(number * 2 + (isChanged(number, in: registry) ? 1 : 0), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// A generated vulnerability of high severity for every id.
    package func vulnerabilities(_ ids: [String]) -> [Vulnerability] {
        ids.map { id in
            Vulnerability(
                id: id,
                severity: .high,
                title: "a flaw in \(id)",
                description: String(repeating: "What is wrong in \(id), told at some length. ", count: 8),
                link: "https://example.com/\(id)",
                attributes: [
                    .init(key: "CVSS3_SCORE", value: "7.5"), .init(key: "CVSS3_VECTOR", value: "AV:N/AC:L/PR:N/UI:N"),
                ],
                firstSeen: Self.scannedAt
            )
        }
    }

    private func isSpreadChange(_ number: Int) -> Bool { changedEvery.map { number % $0 == $0 / 2 } ?? false }

    private func isChanged(_ number: Int, in registry: Registry) -> Bool {
        changedRegistries.contains(registry) || isSpreadChange(number)
    }

    private func place(_ number: Int, in registry: Registry, from first: Int) -> ImageReference {
        let (repository, position) = (number - first).quotientAndRemainder(dividingBy: Self.imagesPerRepository)
        let name = RepositoryName(rawValue: "team/service-\(Self.firstRepository + repository)")
        return ImageReference(
            repository: RepositoryReference(registry: registry, name: name),
            digest: ImageDigest(rawValue: Self.digest(number, position))
        )
    }

    /// The number of the image at a place; nil if the place cannot be parsed.
    private func number(at place: ImageReference, from first: Int) -> Int? {
        let repository = place.repository.name.rawValue.split(separator: "-").last.flatMap { Int($0) }
        let position = Int(place.digest.rawValue.dropFirst("sha256:".count).prefix(2), radix: 16)
        guard let repository, let position else { return nil }
        return first + (repository - Self.firstRepository) * Self.imagesPerRepository + position
    }

    /// Generates one image; a changed one differs in its own findings and in its scan time.
    func image(_ number: Int, in registry: Registry, from first: Int) -> SourceImage {
        let isJudged = number % 50 != 0
        let isChanged = isChanged(number, in: registry)
        let at = Self.scannedAt + (isChanged ? 86_400 : 0)
        let repository = (number - first) / Self.imagesPerRepository
        let judged = ImageStatus(
            image: Image(
                place: place(number, in: registry, from: first),
                tags: ["1.\(number % 100).0"],
                pushedAt: at - 86_400
            ),
            coverage: isJudged ? Coverage(.scanned, at: at) : Coverage(.unsupported, reason: "the operating system"),
            counts: nil,
            findings: isJudged ? findings(number, repository: repository, isChanged: isChanged) : []
        )
        return SourceImage(judged, fingerprint: fingerprint(number, in: registry))
    }

    private func findings(_ number: Int, repository: Int, isChanged: Bool) -> [Finding] {
        var base = Numbers(state: UInt64((Self.firstRepository + repository) % 200) &* 7919)
        var own = Numbers(state: UInt64(number) &* 104_729 &+ (isChanged ? 1 : 0))
        let shared = findingsPerImage * 8 / 10
        return (0..<findingsPerImage).map { $0 < shared ? Self.finding(&base) : Self.finding(&own) }
    }

    private static func finding(_ random: inout Numbers) -> Finding {
        // Squaring makes low numbers common.
        let unit = Double(random.below(1 << 20)) / Double(1 << 20)
        let number = Int(unit * unit * Double(vulnerabilityCount))
        let package = "lib\(PackageWords.words[number % PackageWords.words.count])\(number % 37)"
        return Finding(
            key: Finding.Key(
                vulnerability: "CVE-\(2015 + number % 11)-\(10_000 + number)",
                package: package,
                version: "\(number % 5).\(random.below(9)).\(number % 23)-1"
            ),
            severity: [.critical, .high, .medium, .medium, .low, .untriaged][number % 6],
            fixedVersion: number % 3 == 0 ? nil : "\(number % 5).9.\(number % 23)-2",
            score: Double(number % 100) / 10
        )
    }

    /// A digest of real length; digests sort by the images' positions in their repository.
    static func digest(_ number: Int, _ position: Int) -> String {
        var random = Numbers(state: UInt64(number))
        let digits = (0..<62).map { _ in String(random.below(16), radix: 16) }.joined()
        let head = String(position, radix: 16)
        return "sha256:" + (head.count < 2 ? "0" : "") + head + digits
    }
}

private enum PackageWords {
    static let words = ["ssl", "curl", "xml", "png", "zip", "krb", "gcc", "sys", "gnu", "ssh", "pam", "tar", "lua"]
}

/// The images of one registry, generated one by one.
package struct SyntheticImages: AsyncSequence, Sendable {
    let organization: SyntheticOrganization
    let registry: Registry
    let numbers: Range<Int>

    /// Generates the next image on each call.
    package struct AsyncIterator: AsyncIteratorProtocol {
        let images: SyntheticImages
        var next: Int

        package mutating func next() async throws -> SourceImage? {
            guard next < images.numbers.upperBound else { return nil }
            defer { next += 1 }
            return images.organization.image(next, in: images.registry, from: images.numbers.lowerBound)
        }
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(images: self, next: numbers.lowerBound) }
}

/// A generator of repeatable random numbers.
struct Numbers {
    var state: UInt64

    init(state: UInt64) { self.state = state &+ 0x9E37_79B9_7F4A_7C15 }

    mutating func below(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(limit))
    }
}
