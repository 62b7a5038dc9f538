/// What of the store may differ from the last report.
package enum ReportScope: Hashable, Sendable {
    /// Anything, which a comparison tells.
    case everything
    /// What is named, and nothing else.
    case registries([Registry: RegistryScope])

    package static let nothing = ReportScope.registries([:])

    /// How many images and repositories are named in all before a registry stands for its own: so many fit into memory.
    package static let mostPlaces = 50_000

    /// Names these images and repositories.
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

    /// Names what the other names, too.
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

/// What of one registry may differ from the last report.
package enum RegistryScope: Hashable, Sendable {
    case whole
    /// These images, stored now or not, and what these repositories tell beside their images.
    case some(images: Set<ImageReference>, repositories: Set<RepositoryName>)

    /// From here on, reading the registry whole costs hardly more.
    package static let mostPlaces = 5000

    /// How many places are named.
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
