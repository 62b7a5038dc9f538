package import Domain

/// Images and findings by short names.
package enum StoreSample {
    /// One registry of one account.
    package static let registry = Registry(
        account: AccountID(rawValue: "111122223333"),
        region: RegionName(rawValue: "eu-west-1")
    )

    /// A repository by its name.
    package static func repository(_ name: String, in registry: Registry = registry) -> RepositoryReference {
        RepositoryReference(registry: registry, name: RepositoryName(rawValue: name))
    }

    /// An image's place by a short digest.
    package static func place(
        _ digest: String,
        in repository: RepositoryReference = repository("team/app")
    ) -> ImageReference {
        ImageReference(repository: repository, digest: ImageDigest(rawValue: "sha256:\(digest)"))
    }

    /// A finding of a vulnerability.
    package static func finding(_ id: String, _ severity: Severity = .high, package: String = "openssl") -> Finding {
        Finding(key: Finding.Key(vulnerability: id, package: package, version: "3.0"), severity: severity)
    }

    /// A judged image by a short digest.
    package static func image(
        _ digest: String,
        _ findings: [Finding] = [],
        coverage: Coverage = Coverage(.scanned, at: 1_700_000_000.25),
        tags: [String] = ["1.0"],
        in repository: RepositoryReference = repository("team/app")
    ) -> ImageStatus {
        let image = Image(place: place(digest, in: repository), tags: tags, pushedAt: 1_600_000_000.5)
        return ImageStatus(image: image, coverage: coverage, counts: [.high: findings.count], findings: findings)
    }

    /// Findings that no compressor makes small: about 50 bytes each after gzip.
    package static func incompressible(_ count: Int, seed: UInt64 = 1) -> [Finding] {
        var state = seed
        return (0..<count).map { number in
            let noise = (0..<4).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return String(state ^ (state >> 29), radix: 36)
            }
            return finding("CVE-\(number)-\(noise[0])", package: noise[1] + noise[2] + noise[3])
        }
    }
}
