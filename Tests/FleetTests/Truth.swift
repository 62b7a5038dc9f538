// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Domain

/// The simulator's page of what there is.
struct Truth: Decodable, Sendable {
    struct Account: Decodable, Sendable {
        var id: String
        var name: String
        var unit: String
        var tags: [String: String]
        var obstacle: String?
        var regions: [Region]
    }

    struct Region: Decodable, Sendable {
        var region: String
        var obstacle: String?
        var scan_type: String?
        var repositories: [Repository]
    }

    struct Repository: Decodable, Sendable {
        var name: String
        var vanished: Bool
        var images: [Image]
    }

    struct Image: Decodable, Sendable {
        struct Coverage: Decodable, Sendable {
            var state: String
            var at: Double?
        }

        var digest: String
        var tags: [String]
        var kind: String
        var indexes: [String]
        var coverage: Coverage?
        var counts: [String: Int]?
        var findings: [Finding]
    }

    struct Finding: Decodable, Sendable {
        var vulnerability: String
        var package: String
        var version: String
        var severity: String
        var fixed_version: String?
        var score: Double?
    }

    var accounts: [Account]
}

/// What is known of one image, in a form in which truth and store can be compared.
struct KnownImage: Hashable, Sendable {
    var tags: [String]
    var state: String
    var counts: [String: Int]?
    var findings: Set<Finding>

    /// The findings that are announced by default.
    var serious: Set<Finding.Key> { Set(findings.filter { $0.severity >= .high }.map(\.key)) }
}

extension Truth {
    /// Every image that the fleet has to know, by its place.
    var images: [ImageReference: KnownImage] {
        var known: [ImageReference: KnownImage] = [:]
        for account in accounts where account.obstacle == nil {
            for region in account.regions where region.obstacle == nil {
                let registry = Registry(
                    account: AccountID(rawValue: account.id),
                    region: RegionName(rawValue: region.region)
                )
                for repository in region.repositories where !repository.vanished {
                    let place = RepositoryReference(registry: registry, name: RepositoryName(rawValue: repository.name))
                    known.merge(repository.known(at: place)) { first, _ in first }
                }
            }
        }
        return known
    }

    /// Places that cannot be looked into: state by `account` or `account/region`.
    var obstacles: [String: String] {
        var obstacles: [String: String] = [:]
        for account in accounts {
            obstacles[account.id] = account.obstacle
            for region in account.regions { obstacles["\(account.id)/\(region.region)"] = region.obstacle }
        }
        return obstacles
    }
}

extension Truth.Repository {
    fileprivate func known(at place: RepositoryReference) -> [ImageReference: KnownImage] {
        let tagsByDigest = Dictionary(images.map { ($0.digest, $0.tags) }, uniquingKeysWith: { first, _ in first })
        let pairs = images.compactMap { image -> (ImageReference, KnownImage)? in
            guard image.kind == "image", let coverage = image.coverage else { return nil }
            let inherited = image.indexes.flatMap { tagsByDigest[$0] ?? [] }
            let known = KnownImage(
                tags: Set(image.tags + inherited).sorted(),
                state: coverage.state,
                counts: image.counts,
                findings: Set(image.findings.map(\.finding))
            )
            return (ImageReference(repository: place, digest: ImageDigest(rawValue: image.digest)), known)
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }
}

extension Truth.Finding {
    fileprivate var finding: Finding {
        Finding(
            key: Finding.Key(vulnerability: vulnerability, package: package, version: version),
            severity: Severity(rawValue: severity),
            fixedVersion: fixed_version,
            score: score
        )
    }
}
