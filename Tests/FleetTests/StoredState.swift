import Domain
import FindingStore

extension FindingStore {
    /// Everything that the fleet knows, in the form of the truth.
    func known() async throws -> [ImageReference: KnownImage] {
        var known: [ImageReference: KnownImage] = [:]
        for registry in try await registries() {
            for try await stored in images(in: registry.registry) {
                let status = stored.status
                known[status.image.place] = KnownImage(
                    tags: status.image.tags,
                    state: status.coverage.state.rawValue,
                    counts: status.counts.map { counts in
                        Dictionary(uniqueKeysWithValues: counts.map { ($0.key.rawValue, $0.value) })
                    },
                    findings: Set(status.findings)
                )
            }
        }
        return known
    }

    /// Places that could not be looked into, in the form of the truth.
    func knownObstacles() async throws -> [String: String] {
        var obstacles: [String: String] = [:]
        for account in try await accounts() {
            obstacles[account.account.id.rawValue] = account.obstacle?.state.rawValue
        }
        for registry in try await registries() {
            obstacles[registry.registry.description] = registry.obstacle?.state.rawValue
        }
        return obstacles
    }
}

/// Where two states differ, a line each, and no more lines than a person reads.
func differences(_ stored: [ImageReference: KnownImage], _ truth: [ImageReference: KnownImage]) -> [String] {
    let places = Set(stored.keys).union(truth.keys)
    let lines = places.compactMap { place -> String? in
        switch (stored[place], truth[place]) {
        case (nil, let real?): return "\(place): missing, really \(real.state)"
        case (let invented?, nil): return "\(place): stored as \(invented.state), but not there"
        case (let known?, let real?) where known != real:
            let (more, less) = (known.findings.subtracting(real.findings), real.findings.subtracting(known.findings))
            return "\(place): \(known.state) \(known.tags) \(known.counts ?? [:]), really \(real.state) \(real.tags) "
                + "\(real.counts ?? [:]); \(more.count) findings too many, \(less.count) too few"
        default: return nil
        }
    }
    return Array(lines.sorted().prefix(20))
}
