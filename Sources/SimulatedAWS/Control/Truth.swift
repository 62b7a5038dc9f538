/// The organization as it is, in the words that the fleet should find for it.
struct Truth {
    let organization: Organization
    /// Seconds since 1970.
    let now: Double

    var json: JSONValue {
        var used: Set<Int> = []
        let accounts = organization.accounts.map { describe($0, &used) }
        return [
            "management_account": .string(SimulatorConfiguration.managementAccount),
            "accounts": .array(accounts),
            "vulnerabilities": .array(used.sorted().map { describe(organization.catalogue.vulnerabilities[$0]) }),
        ]
    }

    private func describe(_ account: SimulatedAccount, _ used: inout Set<Int>) -> JSONValue {
        var regions: [JSONValue] = []
        if account.obstacle == nil {
            for region in account.regions where SimulatorConfiguration.regions.contains(region.name) {
                regions.append(describe(region.name, account.registries[region.name], &used))
            }
        }
        return [
            "id": .string(account.id),
            "name": .string(account.name),
            "unit": .string(account.unit),
            "tags": .object(
                account.tags.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: .string($0.value)) }
            ),
            "obstacle": account.obstacle.map(JSONValue.string) ?? .null,
            "regions": .array(regions),
        ]
    }

    private func describe(_ region: String, _ registry: SimulatedRegistry?, _ used: inout Set<Int>) -> JSONValue {
        guard let registry else {
            return ["region": .string(region), "obstacle": "region_off", "scan_type": .null, "repositories": []]
        }
        let repositories = registry.repositories.map { repository -> JSONValue in
            [
                "name": .string(repository.name),
                "vanished": .bool(repository.vanishes),
                "images": .array(repository.images.map { describe($0, repository, registry, &used) }),
            ]
        }
        return [
            "region": .string(region),
            "obstacle": .null,
            "scan_type": .string(registry.isEnhanced ? "ENHANCED" : "BASIC"),
            "repositories": .array(repositories),
        ]
    }

    private func describe(
        _ image: SimulatedImage,
        _ repository: SimulatedRepository,
        _ registry: SimulatedRegistry,
        _ used: inout Set<Int>
    ) -> JSONValue {
        let coverage = image.coverage(now: now, isWatched: !registry.isEnhanced || registry.isWatched(repository.name))
        let isJudged = coverage?.state == "scanned"
        if isJudged { used.formUnion(image.findings.map(\.vulnerability)) }
        // Only untagged images can be children; that keeps large repositories from being searched for every image.
        let indexes = image.tags.isEmpty ? repository.indexes(of: image.digest) : []
        return [
            "digest": .string(image.digest),
            "tags": .texts(image.tags.sorted()),
            "pushed_at": .number(image.pushedAt),
            "kind": .string(image.kind.rawValue),
            "indexes": .texts(indexes),
            "coverage": coverage?.json ?? .null,
            "counts": isJudged ? organization.counts(of: image) : .null,
            "findings": .array(isJudged ? image.findings.map(organization.describe) : []),
        ]
    }

    private func describe(_ vulnerability: SimulatedVulnerability) -> JSONValue {
        [
            "id": .string(vulnerability.id),
            "severity": .string(vulnerability.severity),
            "description": vulnerability.description.map(JSONValue.string) ?? .null,
            "link": .string(String(vulnerability.uri.filter { $0 != " " })),
        ]
    }
}

extension Organization {
    func describe(_ finding: SimulatedFinding) -> JSONValue {
        let vulnerability = catalogue.vulnerabilities[finding.vulnerability]
        return [
            "vulnerability": .string(vulnerability.id),
            "package": .string(finding.package),
            "version": .string(finding.fullVersion),
            "severity": .string(vulnerability.severity),
            "fixed_version": finding.fixedVersion.map(JSONValue.string) ?? .null,
            "score": vulnerability.score3.map(JSONValue.number) ?? .null,
        ]
    }

    func counts(of image: SimulatedImage) -> JSONValue {
        FindingWire(catalogue: catalogue, image: image, repository: "", account: "", region: "").counts
    }
}

extension SimulatedImage {
    /// The coverage that the fleet should store; nil for what is no image of its own.
    func coverage(now: Double, isWatched: Bool) -> (state: String, at: Double?, json: JSONValue)? {
        guard kind == .image else { return nil }
        let (state, reason, at) = judge(now: now, isWatched: isWatched)
        let json: JSONValue = [
            "state": .string(state), "reason": reason.map(JSONValue.string) ?? .null,
            "at": at.map(JSONValue.number) ?? .null,
        ]
        return (state, at, json)
    }

    private func judge(now: Double, isWatched: Bool) -> (state: String, reason: String?, at: Double?) {
        if isArchived { return ("archived", nil, nil) }
        switch scan.seen(now: now) {
        case .never: return ("never_scanned", nil, nil)
        case .polling, .running: return ("waiting", nil, nil)
        case .ended(let time):
            guard isWatched else { return ("never_scanned", nil, nil) }
            switch scan.outcome {
            case .complete, .active: return ("scanned", nil, time)
            case .failed(let reason):
                return (reason.hasPrefix("UnsupportedImageError") ? "unsupported" : "failed", reason, nil)
            case .unsupported: return ("unsupported", nil, nil)
            case .pending: return ("waiting", nil, nil)
            case .expiredEligibility: return ("expired_eligibility", nil, nil)
            }
        }
    }
}
