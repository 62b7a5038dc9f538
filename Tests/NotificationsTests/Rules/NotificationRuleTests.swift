import Domain
import Notifications
import Testing

@Suite struct NewsRuleTests {
    private static let repository = RepositoryReference(
        registry: Registry(account: AccountID(rawValue: "111122223333"), region: RegionName(rawValue: "eu-west-1")),
        name: RepositoryName(rawValue: "team/app")
    )
    private static let place = ImageReference(repository: repository, digest: ImageDigest(rawValue: "sha256:a"))

    private static func finding(_ id: String, _ severity: Severity = .high, fixed: String? = nil) -> Finding {
        Finding(
            key: Finding.Key(vulnerability: id, package: "p", version: "1"),
            severity: severity,
            fixedVersion: fixed
        )
    }

    @Test func `A fix that becomes available is a change, and one that was there is none`() {
        let before = [Self.finding("1"), Self.finding("2", fixed: "2"), Self.finding("3")]
        let after = [Self.finding("1", fixed: "2"), Self.finding("2", fixed: "3"), Self.finding("3", .low, fixed: "2")]
        #expect(
            FindingChange.between(before, and: after) == [
                .fixBecameAvailable(after[0]), .severityChanged(after[2], from: .high),
            ]
        )
    }

    @Test func `Changes of one finding come to what they come to`() {
        let (high, critical) = (Self.finding("1"), Self.finding("1", .critical))
        let fixed = Self.finding("1", fixed: "2")
        #expect(FindingChange.opened(high).followed(by: .resolved(high)) == nil)
        #expect(FindingChange.opened(high).followed(by: .severityChanged(critical, from: .high)) == .opened(critical))
        #expect(FindingChange.resolved(high).followed(by: .opened(high)) == nil)
        #expect(FindingChange.resolved(high).followed(by: .opened(critical)) == .severityChanged(critical, from: .high))
        #expect(FindingChange.resolved(high).followed(by: .opened(fixed)) == .fixBecameAvailable(fixed))
        let there = FindingChange.severityChanged(critical, from: .high)
        #expect(there.followed(by: .severityChanged(high, from: .critical)) == nil)
        #expect(there.followed(by: .resolved(critical)) == .resolved(critical))
    }

    @Test(arguments: [(21.9, false), (22, true), (23.99, true), (0, true), (6.99, true), (7, false), (12, false)])
    func `Quiet hours may pass midnight`(hour: Double, isMuted: Bool) {
        let times = MuteSchedule(hours: MuteSchedule.Span(from: 22 * 60, to: 7 * 60))
        #expect(times.isMuted(at: 86_400 * 20_000 + hour * 3600) == isMuted)
        #expect(times.mayAnnounce(0, at: 86_400 * 20_000 + hour * 3600) != isMuted)
    }

    @Test func `A digest tells at its time what was noted before`() {
        let times = MuteSchedule(digest: 8 * 60)
        let day = 86_400.0 * 20_000
        #expect(!times.mayAnnounce(day + 9 * 3600, at: day + 23 * 3600))
        #expect(!times.mayAnnounce(day + 9 * 3600, at: day + 86_400 + 8 * 3600 - 1))
        #expect(times.mayAnnounce(day + 9 * 3600, at: day + 86_400 + 8 * 3600))
        #expect(!times.mayAnnounce(day + 86_400 + 8 * 3600, at: day + 86_400 + 8 * 3600))
    }

    @Test func `A census counts what a rule covers, and says which rules need attention`() {
        let rules = ["1", "nothing", "2", "*"].enumerated().map { index, id in
            Suppression(
                scope: Suppression.Scope(vulnerability: Glob(id)),
                reason: "why",
                expires: [1_000_000, 1_000_000, 100_000, 50][index]
            )
        }
        var census = SuppressionUsage(Suppressions(rules), threshold: .high)
        census.add([Self.finding("1"), Self.finding("2"), Self.finding("3", .low)], at: Self.place)
        census.add([Self.finding("1")], at: Self.place)
        #expect(census.counts.map(\.findings) == [2, 0, 1, 3])
        #expect(census.counts.map(\.images) == [2, 0, 1, 2])
        #expect(census.notices(at: 100).map(\.cause) == [.matchesNothing, .expiresSoon, .expired])
        #expect(census.counts[0].examples == ["1 in \(Self.place)", "1 in \(Self.place)"])
    }

    @Test func `Every silence has its reason`() {
        var evidence = Explanation.Evidence(finding: Self.finding("CVE-1"), place: Self.place)
        let rule = Suppression(scope: Suppression.Scope(), reason: "why", expires: 100)
        func explain(_ rules: [Suppression] = [], threshold: Severity = .high, room: String? = "r") -> Explanation {
            Explanation(evidence, threshold: threshold, suppressions: Suppressions(rules), room: room, at: 50)
        }
        #expect(explain() == .notCompared)
        #expect(explain(room: nil) == .noChatConfigured)
        #expect(explain(threshold: .critical) == .belowSeverity(.critical))
        #expect(explain([rule]) == .suppressed(rule))
        evidence.isAnnounced = true
        #expect(explain() == .inSummary)
        let over = Suppression(scope: Suppression.Scope(), reason: "why", expires: 40)
        #expect(explain([over]) == .wasSuppressed(over, until: 40))
        let memory = RuleHistory(threshold: .critical, suppressions: Suppressions())
        evidence.rules = memory.followed(by: .high, Suppressions(), at: 30)
        #expect(explain() == .wasBelowSeverity(.critical, until: 30))
        evidence.rules?.suppressions = Suppressions([rule])
        evidence.rules = evidence.rules?.followed(by: .high, Suppressions(), at: 45)
        #expect(explain() == .wasSuppressed(rule, until: 45))
        #expect(explain([rule]) == .suppressed(rule))
        evidence.rules = nil
        evidence.isSummarised = false
        #expect(explain() == .registryNotSummarised)
        evidence.notedAt = 7
        #expect(explain() == .noted(since: 7))
        evidence.message = .announced("m", room: "r", at: 9)
        #expect(explain([rule], threshold: .critical) == .announced("m", room: "r", at: 9))
    }
}
