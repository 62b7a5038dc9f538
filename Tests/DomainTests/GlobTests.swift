import Domain
import Testing

@Suite struct GlobTests {
    @Test(arguments: [
        ("team/*", "team/service", true), ("team/*", "teams/service", false), ("*", "", true), ("", "", true),
        ("a?c", "abc", true), ("a?c", "ac", false), ("*-prod", "web-prod", true), ("*-prod", "web-prod-2", false),
        ("a*b*c", "axxbyyc", true), ("a*b*c", "axxcyyb", false), ("**", "x/y", true), ("team", "team2", false),
    ])
    func `Matches whole names`(pattern: String, name: String, expected: Bool) {
        #expect(Glob(pattern).matches(name) == expected)
    }

    @Test func `A pattern full of stars takes no exponential time`() {
        let pattern = String(repeating: "*a", count: 60) + "b"
        #expect(!Glob(pattern).matches(String(repeating: "a", count: 5000)))
    }
}
