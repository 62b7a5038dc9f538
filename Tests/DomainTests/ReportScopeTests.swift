import Domain
import Testing

@Suite struct ReportScopeTests {
    private func registry(_ number: Int) -> Registry {
        Registry(account: AccountID(rawValue: "\(100_000_000_000 + number)"), region: RegionName(rawValue: "eu-west-1"))
    }

    private func places(_ numbers: Range<Int>, in registry: Registry) -> [ImageReference] {
        let repository = RepositoryReference(registry: registry, name: RepositoryName(rawValue: "app"))
        return numbers.map { ImageReference(repository: repository, digest: ImageDigest(rawValue: "sha256:\($0)")) }
    }

    @Test func `Joins what is named, by registry`() {
        var scope = ReportScope(images: places(0..<2, in: registry(1)))
        let repository = RepositoryReference(registry: registry(2), name: RepositoryName(rawValue: "app"))
        scope.formUnion(ReportScope(images: places(1..<3, in: registry(1)), repositories: [repository]))
        #expect(
            scope
                == .registries([
                    registry(1): .some(images: Set(places(0..<3, in: registry(1))), repositories: []),
                    registry(2): .some(images: [], repositories: [repository.name]),
                ])
        )
        scope.formUnion(.nothing)
        scope.formUnion(.everything)
        #expect(scope == .everything)
        scope.formUnion(ReportScope(images: places(0..<1, in: registry(1))))
        #expect(scope == .everything)
    }

    @Test func `A registry of which much is named stands for its images`() {
        var scope = ReportScope(images: places(0..<RegistryScope.mostPlaces, in: registry(1)))
        #expect(scope != .registries([registry(1): .whole]))
        scope.formUnion(ReportScope(images: places(9_000..<9_001, in: registry(1))))
        #expect(scope == .registries([registry(1): .whole]))
        scope.formUnion(ReportScope(images: places(0..<1, in: registry(1))))
        #expect(scope == .registries([registry(1): .whole]))
    }

    @Test func `What is named stays bounded over all registries`() {
        var scope = ReportScope.nothing
        for number in 0..<20 { scope.formUnion(ReportScope(images: places(0..<4_000, in: registry(number)))) }
        guard case .registries(let scopes) = scope else { return #expect(Bool(false)) }
        let named = scopes.values.reduce(0) { count, scope in
            if case .some(let images, _) = scope { count + images.count } else { count }
        }
        #expect(scopes.count == 20)
        #expect(named <= ReportScope.mostPlaces)
        #expect(scopes.values.contains(.whole))
    }
}
