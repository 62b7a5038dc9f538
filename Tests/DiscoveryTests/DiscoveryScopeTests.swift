import Discovery
import Domain
import Testing

@Suite struct DiscoveryScopeTests {
    private let one = AccountID(rawValue: "111111111111")
    private let two = AccountID(rawValue: "222222222222")

    private func facts(
        _ id: AccountID,
        _ name: String = "",
        unit: String? = nil,
        tags: [String: String] = [:]
    )
        -> AccountFacts
    {
        AccountFacts(account: Account(id: id, name: name, state: .active, organizationalUnit: unit), tags: tags)
    }

    @Test func `Exclusion wins over inclusion`() {
        let selection = AccountSelection(included: [.id(one), .id(two)], excluded: [.id(two)])
        #expect(selection.includes(facts(one)))
        #expect(!selection.includes(facts(two)))
    }

    @Test(arguments: [
        ("name:prod-*", true), ("name:test-*", false), ("ou:/Prod/*", true), ("ou:/Prod", false),
        ("ou:/Prod/Payments", true), ("ou:/Prod/Pay*", true), ("ou:/", false), ("ou:/*", true), ("tag:team=pay*", true),
        ("tag:team=search", false), ("tag:team", true), ("tag:owner", false), ("333333333333", true),
    ])
    func `An account fits by id, name, unit or tag`(text: String, fits: Bool) throws {
        let account = facts(
            AccountID(rawValue: "333333333333"),
            "prod-eu",
            unit: "/Prod/Payments",
            tags: ["team": "payments"]
        )
        #expect(try #require(AccountFilter(text)).matches(account) == fits)
    }

    @Test func `A unit with a star takes the unit's own accounts too, and the root's path is a slash`() throws {
        let beneath = try #require(AccountFilter("ou:/Prod/*"))
        #expect(beneath.matches(facts(one, unit: "/Prod")))
        #expect(!beneath.matches(facts(one, unit: "/Production")))
        #expect(try #require(AccountFilter("ou:/")).matches(facts(one, unit: "/")))
    }

    @Test(arguments: ["", "12345", "name:", "ou:Prod", "tag:=x", "units:/x", "prod-*"])
    func `What is no condition is refused`(text: String) {
        #expect(AccountFilter(text) == nil)
    }

    @Test func `Only conditions on ids rule an account out before it is listed`() {
        #expect(AccountSelection(included: [.id(one)]).excludes(two))
        #expect(AccountSelection(excluded: [.id(two)]).excludes(two))
        #expect(!AccountSelection(included: [.id(one), .name(Glob("x*"))]).excludes(two))
        #expect(!AccountSelection().excludes(two))
    }

    @Test func `One fitting glob is enough`() {
        let scope = DiscoveryScope(repositories: [Glob("a/*"), Glob("b/*")])
        #expect(scope.includes(RepositoryName(rawValue: "b/x")))
        #expect(!scope.includes(RepositoryName(rawValue: "c/x")))
    }

    @Test func `What a sweep is narrowed to must fit the configuration too`() {
        var scope = DiscoveryScope(repositories: [Glob("team/*")])
        scope.onlyRepositories = [Glob("*/app"), Glob("other")]
        #expect(scope.includes(RepositoryName(rawValue: "team/app")))
        #expect(!scope.includes(RepositoryName(rawValue: "team/web")))
        #expect(!scope.includes(RepositoryName(rawValue: "other/app")))
        #expect(!scope.includes(RepositoryName(rawValue: "other")))
    }
}
