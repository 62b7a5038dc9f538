import Domain
import Notifications

/// Places, images and findings that every golden file is made from.
enum Sample {
    static let production = AccountID(rawValue: "111122223333")
    static let sandbox = AccountID(rawValue: "999900001111")
    static let europe = Registry(account: production, region: RegionName(rawValue: "eu-west-1"))
    static let china = Registry(account: sandbox, region: RegionName(rawValue: "cn-north-1"))

    static func repository(_ name: String = "team/app", in registry: Registry = europe) -> RepositoryReference {
        RepositoryReference(registry: registry, name: RepositoryName(rawValue: name))
    }

    static func place(_ digest: String, in repository: RepositoryReference = repository()) -> ImageReference {
        ImageReference(repository: repository, digest: ImageDigest(rawValue: "sha256:\(digest)"))
    }

    static func finding(_ id: String, _ severity: Severity = .high, package: String = "openssl") -> Finding {
        Finding(
            key: Finding.Key(vulnerability: id, package: package, version: "3.0"),
            severity: severity,
            fixedVersion: "3.1",
            score: 7.5
        )
    }

    /// Of which only the key and the severity are known.
    static let bareFinding = Finding(
        key: Finding.Key(vulnerability: "GHSA-1", package: "", version: ""),
        severity: Severity(rawValue: "NEW_WORD")
    )

    static func image(
        _ digest: String,
        tags: [String] = ["1.0"],
        _ findings: [Finding] = [],
        coverage: Coverage = Coverage(.scanned, at: 1_700_000_000.25),
        in repository: RepositoryReference = repository()
    ) -> ImageStatus {
        let image = Image(place: place(digest, in: repository), tags: tags, pushedAt: 1_600_000_000.5)
        return ImageStatus(image: image, coverage: coverage, counts: [.high: findings.count], findings: findings)
    }

    static func account(
        _ id: AccountID,
        _ name: String,
        unit: String? = nil,
        obstacle: Coverage? = nil
    ) -> AccountStatus {
        let account = Account(id: id, name: name, state: .active, organizationalUnit: unit)
        return AccountStatus(account: account, obstacle: obstacle)
    }

    /// What is new about an image.
    static func news(
        _ digest: String,
        _ cause: ImageChange.Cause = .changed,
        _ changes: [FindingChange] = [],
        openFindings: [Severity: Int] = [:]
    ) -> ImageChange {
        ImageChange(
            digest: ImageDigest(rawValue: "sha256:\(digest)"),
            tags: ["1.0", "latest"],
            writeToken: 3,
            cause: cause,
            changes: changes,
            openFindings: openFindings
        )
    }

    /// One change of every kind.
    static let changes: [FindingChange] = [
        .opened(finding("CVE-1", .critical)), .severityChanged(finding("CVE-2"), from: .medium),
        .fixBecameAvailable(finding("CVE-3")), .resolved(finding("CVE-4", .critical)), .opened(bareFinding),
    ]

    /// One occasion of every kind.
    static let occasions: [ImageChange.Cause] = [
        .detected, .changed, .removed, .coverageLost(Coverage(.failed, reason: "no \"package\" manager", at: 4)),
        .coverageRegained(Coverage(.scanned, at: 5)),
    ]

    static let rule = Suppression(
        scope: Suppression.Scope(vulnerability: Glob("CVE-2026-*"), repository: Glob("team/*")),
        reason: "not reachable",
        expires: 86_400 * 366
    )
}
