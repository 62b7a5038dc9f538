/// Makes the repositories of one registry.
struct RepositoryFactory {
    var images: ImageFactory
    var averageImages: Int
    private var createdAt: Double { images.now - 20_000_000 }

    init(images: ImageFactory, averageImages: Int) {
        self.images = images
        self.averageImages = averageImages
    }

    private func empty(_ name: String) -> SimulatedRepository { SimulatedRepository(name: name, createdAt: createdAt) }

    /// Repositories as teams have them; the second holds one image of the first under the same digest.
    mutating func ordinary(count: Int) -> [SimulatedRepository] {
        var repositories: [SimulatedRepository] = []
        for number in 0..<count {
            var repository = empty("team/\(Self.services[number % Self.services.count])-\(number)")
            if number == 1, let shared = repositories[0].images.first { repository.push(shared) }
            let spread = max(1, averageImages - 2)...(averageImages + 2)
            for build in 0..<Int.random(in: spread, using: &images.generator) {
                repository.push(ordinaryImage(build))
            }
            repositories.append(repository)
        }
        return repositories
    }

    private static let services = ["gateway", "billing", "search", "mailer", "ledger", "worker", "frontend"]

    private mutating func ordinaryImage(_ build: Int) -> SimulatedImage {
        let tag = "1.\(build).\(Int.random(in: 0..<40, using: &images.generator))"
        switch Int.random(in: 0..<100, using: &images.generator) {
        case 0..<7: return images.image(tags: [])
        case 7..<12: return images.image(tags: [tag, "build-\(build)", "stable-\(build)"])
        case 12..<22:
            let oddities: [ImageScenario] =
                images.isEnhanced ? [.clean, .pending] : [.clean, .clean, .neverScanned, .unsupportedSystem]
            return images.oddImage(images.generator.pick(oddities, or: .clean), tags: [tag])
        default: return images.image(tags: [tag])
        }
    }

    /// One image in each of the odd states.
    mutating func odd(_ oddities: [ImageScenario]) -> SimulatedRepository {
        var repository = empty("platform/odd-images")
        for oddity in oddities { repository.push(images.oddImage(oddity, tags: ["\(oddity)"])) }
        repository.push(images.image(tags: []))
        repository.push(images.image(tags: ["1.0", "1.0.3", "latest"]))
        return repository
    }

    /// A repository that Inspector's filters leave out: its image is never scanned.
    mutating func unwatched() -> SimulatedRepository {
        var repository = empty("scratch/trial")
        repository.push(images.oddImage(.neverScanned, tags: ["one"]))
        return repository
    }

    /// An index with two untagged children and an attestation.
    mutating func multiArchitecture() -> SimulatedRepository {
        var repository = empty("platform/multi-arch")
        let children = [images.image(tags: []), images.image(tags: [])]
        let attestation = artifact(.attestation, tags: [])
        var index = artifact(.index, tags: ["2.4", "latest"])
        index.children = (children + [attestation]).map(\.digest)
        for image in children + [attestation, index] { repository.push(image) }
        return repository
    }

    /// An image with its signature beside it.
    mutating func signed() -> SimulatedRepository {
        var repository = empty("platform/signed")
        let image = images.image(tags: ["5.1"])
        repository.push(image)
        repository.push(artifact(.signature, tags: ["sha256-\(image.digest.dropFirst(7)).sig"]))
        return repository
    }

    private mutating func artifact(_ kind: SimulatedImage.Kind, tags: [String]) -> SimulatedImage {
        var image = images.oddImage(.neverScanned, tags: tags)
        image.kind = kind
        image.findings = []
        return image
    }

    /// One image with so many findings.
    mutating func big(findings count: Int) -> SimulatedRepository {
        var repository = empty("platform/everything")
        var image = images.image(tags: ["big"])
        image.findings = images.findings(limit: count)
        repository.push(image)
        return repository
    }

    mutating func mostlyEmpty(count: Int) -> [SimulatedRepository] {
        (0..<count).map { number in
            var repository = empty("archive/project-\(String(1000 + number).dropFirst())")
            if number % 23 == 0 { repository.push(images.image(tags: ["final"])) }
            return repository
        }
    }

    func vanishing(count: Int) -> [SimulatedRepository] {
        (0..<count).map { number in
            var repository = empty("platform/vanishing-\(number)")
            repository.vanishes = true
            return repository
        }
    }
}
