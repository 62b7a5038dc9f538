import Domain
import FindingStore
import Notifications
import Support
import Synchronization
import Testing

/// What is told when a rule or a threshold that kept things untold is taken away.
@Suite(.timeLimit(.minutes(10))) struct ScopeTests {
    private let store = FakeStore()
    private let sent = Sent()

    private static func rule(_ id: String, expires: Double = 1e9) -> Suppression {
        Suppression(scope: Suppression.Scope(vulnerability: Glob(id)), reason: "why", expires: expires)
    }

    private func run(
        _ rules: [Suppression] = [],
        threshold: Severity = .high,
        rooms: [Routes.Route] = []
    ) async throws {
        var settings = Sent.settings
        settings.suppressions = Suppressions(rules)
        settings.threshold = threshold
        settings.routes.routes = rooms
        let changes = FakeChanges(store)
        try await Aggregator(store: store, changes: changes, effects: sent.effects, settings: settings).runUntilIdle()
    }

    private var announced: [RuleChangeSummary] {
        sent.news.compactMap { news in if case .scope(let news) = news { news } else { nil } }
    }

    @Test func `What a deleted rule kept unannounced is summed up once for each room`() async throws {
        let other = Registry(account: AccountID(rawValue: "222222222222"), region: Sample.registry.region)
        store.put(Sample.image("a", []))
        store.put(Sample.image("b", [], in: other))
        try await run([Self.rule("CVE-*")])
        let findings = [Sample.finding("CVE-1", .critical), Sample.finding("CVE-2"), Sample.finding("X")]
        store.put(Sample.image("a", findings))
        store.put(Sample.image("b", [Sample.finding("CVE-2"), Sample.finding("CVE-3", .low)], in: other))
        try await run([Self.rule("CVE-*")])
        #expect(sent.imageNews.flatMap(\.changes).map(\.finding.key.vulnerability) == ["X"])
        for _ in 0..<2 {
            try await run([Self.rule("CVE-2")], rooms: [Routes.Route(room: "second", account: Glob("2*"))])
        }
        #expect(announced.map(\.findings) == [[.critical: 1]], "what another rule covers is still untold")
        #expect(announced.map(\.rules) == [[Self.rule("CVE-*")]])
        for _ in 0..<2 { try await run(rooms: [Routes.Route(room: "second", account: Glob("2*"))]) }
        #expect(announced.map(\.findings) == [[.critical: 1], [.high: 1], [.high: 1]])
        #expect(announced.map(\.images) == [1, 1, 1])
        let rooms = store.state.withLock { $0.outbox.suffix(2).map(\.room) }
        #expect(rooms == ["second", "security"])
    }

    @Test func `A lower threshold sums up what was too mild, and a higher one says nothing`() async throws {
        store.put(Sample.image("a", [Sample.finding("CVE-1"), Sample.finding("CVE-2", .critical)]))
        try await run(threshold: .critical)
        try await run(threshold: .high)
        #expect(announced.map(\.findings) == [[.high: 1]])
        #expect(announced.map(\.formerThreshold) == [.critical])
        #expect(announced.map { $0.worst.map(\.vulnerability) } == [["CVE-1"]])
        try await run(threshold: .critical)
        try await run([Self.rule("CVE-1")], threshold: .critical)
        #expect(announced.count == 1)
    }

    @Test func `A rule that ended is not announced twice, and one that ended unheard is not forgotten`() async throws {
        store.put(Sample.image("a", [Sample.finding("CVE-1"), Sample.finding("CVE-2")]))
        let now = sent.state.withLock { $0.now }
        let rules = ["CVE-1", "CVE-2"].map { Self.rule($0, expires: now + 500) }
        try await run(rules)
        sent.state.withLock { $0.now += 1000 }
        // The end of the first is told while its rule is in the file; the second was taken out meanwhile.
        try await run([rules[0]])
        #expect(announced.map { $0.worst.map(\.vulnerability) } == [["CVE-2"]])
        try await run()
        #expect(announced.count == 1)
        #expect(store.ruleMemory()?.formerRules.map(\.value) == [rules[0], rules[1]])
    }
}
