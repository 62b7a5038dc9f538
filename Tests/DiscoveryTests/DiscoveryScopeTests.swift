import Discovery
import Domain
import Testing

@Suite struct DiscoveryScopeTests {
    @Test func `Exclusion wins over inclusion, and either makes the listing partial`() {
        let one = AccountID(rawValue: "111111111111")
        let two = AccountID(rawValue: "222222222222")
        let scope = DiscoveryScope(accounts: [one, two], excludedAccounts: [two])
        #expect(scope.includes(one))
        #expect(!scope.includes(two))
        #expect(!scope.coversAllAccounts)
        #expect(DiscoveryScope().coversAllAccounts)
    }

    @Test func `One fitting glob is enough`() {
        let scope = DiscoveryScope(repositories: [Glob("a/*"), Glob("b/*")])
        #expect(scope.includes(RepositoryName(rawValue: "b/x")))
        #expect(!scope.includes(RepositoryName(rawValue: "c/x")))
    }
}
