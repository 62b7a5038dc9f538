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
        _ cause: ImageChange.Cause,
        _ changes: [FindingChange] = [],
        openFindings: [Severity: Int] = [:]
    ) -> ImageChange {
        ImageChange(
            digest: ImageDigest(rawValue: "sha256:a"),
            tags: [],
            writeToken: 1,
            cause: cause,
            changes: changes,
            openFindings: openFindings
        )
    }

    private static let old = FindingChange.resolved(finding("old"))
    private static let new = FindingChange.opened(finding("new"))
    private static let further = FindingChange.opened(finding("further"))

    /// The earlier news of each occasion; every one but the loss opens one finding.
    private static let first: [ImageChange] = [
        news(.detected, [new]), news(.changed, [new, old]), news(.coverageRegained(scanned), [new]),
        news(.coverageLost(lost), openFindings: [.critical: 2]),
    ]

    /// The later news of each occasion.
    private static let second: [ImageChange] = [
        news(.changed, [further]), news(.removed, openFindings: [.critical: 1]),
        news(.removed, openFindings: [.critical: 3]),
        news(.coverageLost(lost), openFindings: [.critical: 1]), news(.coverageRegained(scanned), [further]),
    ]

    private static func both(_ cause: ImageChange.Cause, openFindings: [Severity: Int] = [:]) -> ImageChange.Joined {
        .one(news(cause, [further, new], openFindings: openFindings))
    }

    private static let expected: [[ImageChange.Joined]] = [
        // Detected, untold: an image that went with all it had leaves nothing to tell.
        [
            both(.detected), .nothing, .one(news(.removed, openFindings: [.critical: 2])),
            .one(news(.coverageLost(lost), [new], openFindings: [.critical: 1])), both(.coverageRegained(scanned)),
        ],
        [
            .one(news(.changed, [further, new, old])), .one(news(.removed, [old])),
            .one(news(.removed, [old], openFindings: [.critical: 2])),
            .one(news(.coverageLost(lost), [new, old], openFindings: [.critical: 1])),
            .one(news(.coverageRegained(scanned), [further, new, old])),
        ],
        [
            both(.coverageRegained(scanned)), .nothing, .one(news(.removed, openFindings: [.critical: 2])),
            .one(news(.changed, [new])), both(.coverageRegained(scanned)),
        ],
        [
            .one(news(.changed, [further])), .one(news(.removed, openFindings: [.critical: 1])),
            .one(news(.removed, openFindings: [.critical: 3])),
            .one(news(.coverageLost(lost), openFindings: [.critical: 1])), .one(news(.changed, [further])),
        ],
    ]

    @Test(arguments: first.indices, second.indices)
    func `Two pieces of news come to what is true for who heard neither`(earlier: Int, later: Int) {
        let joined = Self.first[earlier].followed(by: Self.second[later])
        #expect(joined == Self.expected[earlier][later])
    }

    @Test func `What was regained and lost again was never regained`() {
        let regained = Self.news(.coverageRegained(Self.scanned))
        let lost = Self.news(.coverageLost(Self.lost), openFindings: [.high: 1])
        #expect(regained.followed(by: lost) == .nothing)
        #expect(lost.followed(by: regained) == .nothing)
    }

    @Test(arguments: second) func `After a removal everything is announced apart`(later: ImageChange) {
        #expect(Self.news(.removed, openFindings: [.high: 1]).followed(by: later) == .apart)
    }
}
