import Domain
import Notifications
import Testing

/// What two pieces of news of one image come to, for whom neither was told.
@Suite struct ChangeNoteTests {
    private static func finding(_ id: String, _ severity: Severity = .critical) -> Finding {
        Finding(key: Finding.Key(vulnerability: id, package: "p", version: "1"), severity: severity)
    }

    private static let lost = Coverage(.failed)
    private static let scanned = Coverage(.scanned, at: 9)

    private static func news(
        _ occasion: ImageNews.Occasion,
        _ changes: [FindingChange] = [],
        standing: [Severity: Int] = [:]
    ) -> ImageNews {
        ImageNews(
            digest: ImageDigest(rawValue: "sha256:a"),
            tags: [],
            revision: 1,
            occasion: occasion,
            changes: changes,
            standing: standing
        )
    }

    private static let old = FindingChange.resolved(finding("old"))
    private static let new = FindingChange.opened(finding("new"))
    private static let further = FindingChange.opened(finding("further"))

    /// The earlier news of each occasion; every one but the loss opens one finding.
    private static let first: [ImageNews] = [
        news(.detected, [new]), news(.changed, [new, old]), news(.coverageRegained(scanned), [new]),
        news(.coverageLost(lost), standing: [.critical: 2]),
    ]

    /// The later news of each occasion.
    private static let second: [ImageNews] = [
        news(.changed, [further]), news(.removed, standing: [.critical: 1]), news(.removed, standing: [.critical: 3]),
        news(.coverageLost(lost), standing: [.critical: 1]), news(.coverageRegained(scanned), [further]),
    ]

    private static func both(_ occasion: ImageNews.Occasion, standing: [Severity: Int] = [:]) -> ImageNews.Joined {
        .one(news(occasion, [further, new], standing: standing))
    }

    private static let expected: [[ImageNews.Joined]] = [
        // Detected, untold: an image that went with all it had leaves nothing to tell.
        [
            both(.detected), .nothing, .one(news(.removed, standing: [.critical: 2])),
            .one(news(.coverageLost(lost), [new], standing: [.critical: 1])), both(.coverageRegained(scanned)),
        ],
        [
            .one(news(.changed, [further, new, old])), .one(news(.removed, [old])),
            .one(news(.removed, [old], standing: [.critical: 2])),
            .one(news(.coverageLost(lost), [new, old], standing: [.critical: 1])),
            .one(news(.coverageRegained(scanned), [further, new, old])),
        ],
        [
            both(.coverageRegained(scanned)), .nothing, .one(news(.removed, standing: [.critical: 2])),
            .one(news(.changed, [new])), both(.coverageRegained(scanned)),
        ],
        [
            .one(news(.changed, [further])), .one(news(.removed, standing: [.critical: 1])),
            .one(news(.removed, standing: [.critical: 3])),
            .one(news(.coverageLost(lost), standing: [.critical: 1])), .one(news(.changed, [further])),
        ],
    ]

    @Test(arguments: first.indices, second.indices)
    func `Two pieces of news come to what is true for who heard neither`(earlier: Int, later: Int) {
        let joined = Self.first[earlier].followed(by: Self.second[later])
        #expect(joined == Self.expected[earlier][later])
    }

    @Test func `What was regained and lost again was never regained`() {
        let regained = Self.news(.coverageRegained(Self.scanned))
        let lost = Self.news(.coverageLost(Self.lost), standing: [.high: 1])
        #expect(regained.followed(by: lost) == .nothing)
        #expect(lost.followed(by: regained) == .nothing)
    }

    @Test(arguments: second) func `After a removal everything is told apart`(later: ImageNews) {
        #expect(Self.news(.removed, standing: [.high: 1]).followed(by: later) == .apart)
    }
}
