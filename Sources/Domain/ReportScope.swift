/// The part of the table that may differ from the last report, so that only this part is read again.
package enum ReportScope: Hashable, Sendable {
    /// Anything may differ: every registry is compared with the last report.
    case everything
    /// Only these registries may differ, each within its own scope.
    case registries([Registry: RegistryScope])

    /// No registry: nothing has changed since the last report.
    package static let nothing = ReportScope.registries([:])

    /// Limit on the images and repositories named in all registries together, chosen to fit into memory.
    ///
    /// A registry that would exceed it becomes `whole`.
    package static let mostPlaces = 50_000

    /// Covers these images and repositories; a registry with more than `RegistryScope.mostPlaces` becomes `whole`.
    package init(images: some Sequence<ImageReference>, repositories: some Sequence<RepositoryReference> = []) {
        let grouped = (
            images: Dictionary(grouping: images, by: \.repository.registry),
            repositories: Dictionary(grouping: repositories, by: \.registry)
        )
        var scopes: [Registry: RegistryScope] = [:]
        for registry in Set(grouped.images.keys).union(grouped.repositories.keys) {
            let own = RegistryScope.some(
                images: Set(grouped.images[registry] ?? []),
                repositories: Set((grouped.repositories[registry] ?? []).map(\.name))
            )
            scopes[registry] = own.bounded(to: RegistryScope.mostPlaces)
        }
        self = .registries(scopes)
    }

    /// Adds the other scope; a registry that would exceed one of the limits becomes `whole`.
    package mutating func formUnion(_ other: ReportScope) {
        guard case .registries(var scopes) = self, case .registries(let others) = other else {
            self = .everything
            return
        }
        var room = max(0, Self.mostPlaces - scopes.values.reduce(0) { $0 + $1.count })
        for (registry, scope) in others {
            let known = scopes[registry] ?? .some(images: [], repositories: [])
            let most = min(RegistryScope.mostPlaces, known.count + room)
            let joined = known.union(scope).bounded(to: most)
            room += known.count - joined.count
            scopes[registry] = joined
        }
        self = .registries(scopes)
    }
}

/// The part of one registry that may differ from the last report.
package enum RegistryScope: Hashable, Sendable {
    /// All images and repositories of the registry.
    case whole
    /// These images, even if they are no longer stored, and the status of these repositories without their images.
    case some(images: Set<ImageReference>, repositories: Set<RepositoryName>)

    /// Limit on the images and repositories named; above it, reading the whole registry costs hardly more.
    package static let mostPlaces = 5000

    /// How many images and repositories are named; 0 for `whole`, which needs no memory for them.
    var count: Int {
        switch self {
        case .whole: 0
        case .some(let images, let repositories): images.count + repositories.count
        }
    }

    fileprivate func union(_ other: RegistryScope) -> RegistryScope {
        guard case .some(let images, let repositories) = self,
            case .some(let otherImages, let otherRepositories) = other
        else { return .whole }
        return .some(images: images.union(otherImages), repositories: repositories.union(otherRepositories))
    }

    fileprivate func bounded(to most: Int) -> RegistryScope { count > most ? .whole : self }
}
