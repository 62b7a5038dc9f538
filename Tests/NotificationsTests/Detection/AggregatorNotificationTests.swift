import Domain
import FindingStore
import Notifications
import Support
import Synchronization
import Testing

/// From notes to messages, across restarts and failures.
@Suite(.timeLimit(.minutes(10))) struct AggregatorNewsTests {
    @Test func `Whatever moment it ends at, what was noted is announced once by the next`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        store.put(Sample.image("a", []))
        store.put(Sample.image("b", []))
        try await Sent.aggregator(store, sent).runUntilIdle()
        store.put(Sample.image("a", [Sample.finding("CVE-1")]))
        let first = Sent.aggregator(store, sent)
        try await first.follow()
        // Notes are written, and the process ends before they become messages.
        var running = Sent.collected
        running.completedAt = nil
        sent.state.withLock { $0.sweeps = [running] }
        try await first.announce()
        #expect(store.notes(limit: 9).count == 1)
        sent.state.withLock { $0.sweeps = [Sent.collected] }
        store.state.withLock { $0.failures = [Refused(disposition: .serverFault)] }
        let second = Sent.aggregator(store, sent)
        await #expect(throws: Refused.self) { try await second.runUntilIdle() }
        #expect(store.notes(limit: 9).count == 1, "messages and what they tell are written together")
        try await Sent.aggregator(store, sent).runUntilIdle()
        #expect(store.notes(limit: 9).isEmpty)
        #expect(store.state.withLock { $0.outbox.count } == 2, "the summary and the change")
    }

    @Test func `NotificationContent of a sweep under way is gathered, and announced when its time is over`()
        async throws
    {
        let (store, sent) = (FakeStore(), Sent())
        for number in 0..<5 { store.put(Sample.image("\(number)", [], repository: "r\(number)")) }
        let aggregator = Sent.aggregator(store, sent)
        try await aggregator.runUntilIdle()
        var running = Sent.collected
        running.completedAt = nil
        sent.state.withLock { $0.sweeps = [running] }
        for number in 0..<5 {
            store.put(Sample.image("\(number)", [Sample.finding("CVE-1")], repository: "r\(number)"))
            try await aggregator.follow()
            try await aggregator.announce()
        }
        #expect(sent.news.count == 1, "only the summary")
        sent.state.withLock { $0.now += 300 }
        try await aggregator.announce()
        guard case .vulnerabilities(let news)? = sent.news.last else {
            Issue.record("five images with one vulnerability should be one piece of news")
            return
        }
        #expect(news.vulnerabilities == ["CVE-1"])
        #expect(news.images.count == 5)
        #expect(sent.news.count == 2)
    }

    @Test func `NotificationContent goes to the room of the account's unit, and follows the account to another`()
        async throws
    {
        let (store, sent) = (FakeStore(), Sent())
        let id = Sample.registry.account
        var account = Account(id: id, name: "shop", state: .active, organizationalUnit: "/Prod/Shop")
        store.state.withLock { $0.accounts = [AccountStatus(account: account)] }
        var settings = Sent.settings
        settings.routes.routes = [Routes.Route(room: "production", organizationalUnit: Glob("/Prod/*"))]
        let changes = FakeChanges(store)
        let aggregator = Aggregator(store: store, changes: changes, effects: sent.effects, settings: settings)
        store.put(Sample.image("a", []))
        try await aggregator.runUntilIdle()
        for unit in ["/Prod/Shop", "/Test", nil, "/Prod"] {
            account.organizationalUnit = unit
            store.state.withLock { $0.accounts = [AccountStatus(account: account)] }
            store.put(Sample.image("a", [Sample.finding("CVE of \(unit ?? "nobody")")]))
            try await aggregator.runUntilIdle()
        }
        let rooms = store.state.withLock { $0.outbox.map(\.room) }
        #expect(rooms == ["production", "production", "security", "security", "production"], "the summary first")
    }

    @Test func `When the last image is clear, that is said once`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        for number in 0..<5 { store.put(Sample.image("\(number)", [])) }
        let aggregator = Sent.aggregator(store, sent)
        try await aggregator.runUntilIdle()
        for number in 0..<5 { store.put(Sample.image("\(number)", [Sample.finding("CVE-1")])) }
        try await aggregator.runUntilIdle()
        // A restart between knows both what is spread and where it stands.
        let second = Sent.aggregator(store, sent)
        for number in 0..<3 { store.put(Sample.image("\(number)", [])) }
        try await second.runUntilIdle()
        store.remove(Sample.place("3"))
        store.put(Sample.image("4", []))
        try await second.runUntilIdle()
        let spread = sent.news.compactMap { news in if case .vulnerabilities(let news) = news { news } else { nil } }
        #expect(spread.map(\.kind) == [.opened, .resolved, .resolved])
        #expect(spread.map(\.remaining) == [nil, 2, 0])
        #expect(spread.map(\.isAllClear) == [false, false, true])
        #expect(store.widespread() == ["security": []])
    }

    @Test func `Another threshold, another room, or a milder severity is no all-clear`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        let two = Registry(account: AccountID(rawValue: "222222222222"), region: Sample.registry.region)
        func put(_ finding: Finding) {
            for number in 0..<5 { store.put(Sample.image("\(number)", [finding])) }
        }
        for number in 0..<5 { store.put(Sample.image("\(number)", [])) }
        store.put(Sample.image("other", [Sample.finding("CVE-9", .critical)], in: two))
        try await Sent.aggregator(store, sent).runUntilIdle()
        put(Sample.finding("CVE-1"))
        try await Sent.aggregator(store, sent).runUntilIdle()
        // Every change comes with a loss, without which nothing was ever called gone.
        for (number, change) in [(threshold: Severity.critical, room: "security"), (.high, "elsewhere")].enumerated() {
            var settings = Sent.settings
            settings.threshold = change.threshold
            settings.routes.routes = [Routes.Route(room: change.room, account: Glob("1*"))]
            let changes = FakeChanges(store)
            let aggregator = Aggregator(store: store, changes: changes, effects: sent.effects, settings: settings)
            store.put(Sample.image("other", number == 0 ? [] : [Sample.finding("CVE-9", .critical)], in: two))
            try await aggregator.runUntilIdle()
        }
        put(Sample.finding("CVE-1", .medium))
        store.put(Sample.image("other", [], in: two))
        try await Sent.aggregator(store, sent).runUntilIdle()
        func allClears() -> [[String]] {
            sent.news.compactMap { news in
                if case .vulnerabilities(let news) = news, news.isAllClear { news.vulnerabilities } else { nil }
            }
        }
        #expect(allClears().isEmpty)
        for number in 0..<5 { store.put(Sample.image("\(number)", [])) }
        store.put(Sample.image("other", [Sample.finding("CVE-8")], in: two))
        try await Sent.aggregator(store, sent).runUntilIdle()
        #expect(allClears() == [["CVE-1"]])
    }

    @Test func `An all-clear comes with the last of the notes, however few fit into memory at once`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        var settings = Sent.settings
        settings.changesAtOnce = 2
        func tell() async throws {
            let changes = FakeChanges(store)
            try await Aggregator(store: store, changes: changes, effects: sent.effects, settings: settings)
                .runUntilIdle()
        }
        for number in 0..<8 { store.put(Sample.image("\(number)", [])) }
        try await tell()
        for number in 0..<8 { store.put(Sample.image("\(number)", [Sample.finding("CVE-1")])) }
        try await tell()
        for number in 0..<8 { store.put(Sample.image("\(number)", [])) }
        try await tell()
        let clears = sent.news.enumerated().filter { _, news in
            if case .vulnerabilities(let news) = news { news.isAllClear } else { false }
        }
        #expect(clears.count == 1)
        #expect(clears.first?.offset == sent.news.count - 1)
        #expect(sent.imageNews.flatMap(\.changes).count { $0.kind == .resolved } == 6, "two with the all-clear")
    }

    @Test func `A gap counts as differing what differs, and no rescan`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        for name in ["a", "b", "c"] { store.put(Sample.image(name, [Sample.finding("CVE-1")])) }
        let changes = FakeChanges(store)
        let settings = Sent.settings
        let aggregator = Aggregator(store: store, changes: changes, effects: sent.effects, settings: settings)
        try await aggregator.runUntilIdle()
        store.put(Sample.image("a", [Sample.finding("CVE-1")], coverage: Coverage(.scanned, at: 99)))
        store.put(Sample.image("b", [], coverage: Coverage(.throttled)))
        store.put(Sample.image("c", [Sample.finding("CVE-2")], coverage: Coverage(.scanned, at: 99)))
        await changes.lose("records were dropped")
        try await aggregator.runUntilIdle()
        let gaps = sent.news.compactMap { news in if case .gap(let gap) = news { gap } else { nil } }
        #expect(gaps.map(\.compared) == [3])
        #expect(gaps.map(\.differing) == [1])
    }

    @Test func `Messages too large for one transaction are written in several`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        for number in 0..<20 { store.put(Sample.image("\(number)", [], repository: "r\(number)")) }
        let aggregator = Sent.aggregator(store, sent)
        try await aggregator.runUntilIdle()
        for number in 0..<20 {
            store.put(Sample.image("\(number)", [Sample.finding("CVE-\(number)")], repository: "r\(number)"))
        }
        try await aggregator.runUntilIdle()
        #expect(store.state.withLock { $0.outbox.count } == 21)
        #expect(store.notes(limit: 9).isEmpty)
    }

    @Test func `A leader whom another has followed ends`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        store.put(Sample.image("a", []))
        try await Sent.aggregator(store, sent).runUntilIdle()
        store.put(Sample.image("a", [Sample.finding("CVE-1")]))
        store.state.withLock { $0.failures = Array(repeating: StoreError.superseded(1), count: 2) }
        await #expect(throws: StoreError.superseded(1)) { try await Sent.aggregator(store, sent).run() }
    }

    @Test func `What is to be said of a suppression is said once, across restarts`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        store.put(Sample.image("a", [Sample.finding("CVE-1")]))
        try await Sent.aggregator(store, sent).runUntilIdle()
        let rules = [("CVE-1", 500.0), ("CVE-9", 1_000_000.0), ("CVE-1", 900_000.0)].map { id, expires in
            Suppression(scope: Suppression.Scope(vulnerability: Glob(id)), reason: "why", expires: expires)
        }
        var settings = Sent.settings
        settings.suppressions = Suppressions(rules)
        for _ in 0..<2 {
            let changes = FakeChanges(store)
            try await Aggregator(store: store, changes: changes, effects: sent.effects, settings: settings)
                .runUntilIdle()
        }
        let notices = sent.news.compactMap { news in if case .suppression(let notice) = news { notice } else { nil } }
        #expect(notices.map(\.cause) == [.expired, .matchesNothing])
        #expect(notices.map(\.findings) == [1, 0])
        #expect(notices.map(\.images) == [1, 0])
    }

    @Test func `With a daily digest, everything is noted at once and announced at its time`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        store.put(Sample.image("a", []))
        try await Sent.aggregator(store, sent).runUntilIdle()
        var settings = Sent.settings
        settings.muteSchedule = MuteSchedule(digest: 8 * 60)
        let aggregator = Aggregator(
            store: store,
            changes: FakeChanges(store),
            effects: sent.effects,
            settings: settings
        )
        for finding in ["CVE-1", "CVE-2"] {
            store.put(Sample.image("a", [Sample.finding(finding)]))
            for _ in 0..<3 {
                try await aggregator.follow()
                try await aggregator.announce()
            }
        }
        #expect(store.notes(limit: 9).count == 2)
        #expect(sent.imageNews.isEmpty)
        sent.state.withLock { $0.now = 8 * 3600 }
        try await aggregator.announce()
        #expect(sent.imageNews.map(\.changes) == [[.opened(Sample.finding("CVE-2"))]], "CVE-1 came and went")
        #expect(store.notes(limit: 9).isEmpty)
    }

    @Test func `Notes that were written though the answer was lost are announced soon, and once`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        let aggregator = Sent.aggregator(store, sent)
        store.put(Sample.image("a", []))
        try await aggregator.runUntilIdle()
        store.state.withLock { $0.lostAnswers = [Refused(disposition: .serverFault)] }
        store.put(Sample.image("a", [Sample.finding("CVE-1")]))
        await #expect(throws: Refused.self) { try await aggregator.runUntilIdle() }
        try await aggregator.runUntilIdle()
        #expect(sent.imageNews.map(\.changes) == [[.opened(Sample.finding("CVE-1"))]])
        #expect(store.notes(limit: 9).isEmpty)
    }

    /// The border lies between any two looks at the clock, wherever they are.
    @Test(arguments: 0..<40) func `What the beginning of quiet hours held back is announced when they end`(
        secondsBefore: Int
    ) async throws {
        let (store, sent) = (FakeStore(), Sent())
        var settings = Sent.settings
        settings.muteSchedule = MuteSchedule(hours: MuteSchedule.Span(from: 22 * 60, to: 7 * 60))
        settings.changesAtOnce = 1
        sent.state.withLock { $0.now = 12 * 3600 }
        for name in ["a", "b", "c"] { store.put(Sample.image(name, [])) }
        let aggregator = Aggregator(
            store: store,
            changes: FakeChanges(store),
            effects: sent.effects,
            settings: settings
        )
        try await aggregator.runUntilIdle()
        for name in ["a", "b", "c"] { store.put(Sample.image(name, [Sample.finding("CVE of \(name)")])) }
        sent.state.withLock { $0.now = 22 * 3600 - Double(secondsBefore) }
        for _ in 0..<20 {
            try await aggregator.follow()
            try await aggregator.announce()
        }
        sent.state.withLock { $0.now = 31 * 3600 }
        for _ in 0..<3 { try await aggregator.announce() }
        #expect(store.notes(limit: 9).isEmpty)
        #expect(sent.imageNews.count == 3)
    }

    /// An aggregator that has told of a vulnerability in all three images.
    private func spread() async throws -> (FakeStore, Sent, Aggregator<FakeStore, FakeChanges>) {
        let (store, sent) = (FakeStore(), Sent())
        let aggregator = Sent.aggregator(store, sent)
        for findings in [[], [Sample.finding("CVE-1")]] {
            for number in 0..<3 { store.put(Sample.image("\(number)", findings)) }
            try await aggregator.runUntilIdle()
        }
        return (store, sent, aggregator)
    }

    private func allClears(_ sent: Sent) -> [[String]] {
        sent.news.compactMap { news in
            if case .vulnerabilities(let news) = news, news.isAllClear { news.vulnerabilities } else { nil }
        }
    }

    @Test func `While a new account is not summarised, nothing is called gone that its images have`() async throws {
        let (store, sent, aggregator) = try await spread()
        var running = Sent.collected
        running.completedAt = nil
        sent.state.withLock { $0.sweeps = [running, Sent.collected] }
        let new = Registry(account: AccountID(rawValue: "222222222222"), region: Sample.registry.region)
        store.put(Sample.image("new", [Sample.finding("CVE-1")], in: new))
        for number in 0..<3 { store.put(Sample.image("\(number)", [])) }
        try await aggregator.follow()
        try await aggregator.announce()
        sent.state.withLock { $0.now += 300 }
        try await aggregator.announce()
        #expect(store.notes(limit: 9).isEmpty)
        #expect(allClears(sent).isEmpty)
        sent.state.withLock { $0.sweeps = [Sent.collected] }
        try await aggregator.runUntilIdle()
        store.put(Sample.image("new", [], in: new))
        try await aggregator.runUntilIdle()
        #expect(allClears(sent) == [["CVE-1"]])
    }

    @Test func `An all-clear that was written though the answer was lost is not announced again`() async throws {
        let (store, sent, aggregator) = try await spread()
        for number in 0..<3 { store.put(Sample.image("\(number)", [])) }
        // While a sweep is under way, notes are gathered: so the lost answer is that of the messages.
        var running = Sent.collected
        running.completedAt = nil
        sent.state.withLock { $0.sweeps = [running, Sent.collected] }
        try await aggregator.follow()
        try await aggregator.announce()
        #expect(store.notes(limit: 9).count == 3)
        sent.state.withLock { $0.sweeps = [Sent.collected] }
        store.state.withLock { $0.lostAnswers = [Refused(disposition: .serverFault)] }
        await #expect(throws: Refused.self) { try await aggregator.announce() }
        try await aggregator.runUntilIdle()
        #expect(allClears(sent) == [["CVE-1"]])
        store.put(Sample.image("0", [Sample.finding("CVE-2")]))
        try await aggregator.runUntilIdle()
        #expect(allClears(sent) == [["CVE-1"]])
        #expect(store.state.withLock { $0.outbox.count } == 4)
    }

    @Test func `A summary that was written though the answer was lost is not announced again, and what follows is`()
        async throws
    {
        let (store, sent) = (FakeStore(), Sent())
        let aggregator = Sent.aggregator(store, sent)
        store.put(Sample.image("a", [Sample.finding("CVE-1")]))
        store.state.withLock { $0.lostAnswers = [Refused(disposition: .serverFault)] }
        await #expect(throws: Refused.self) { try await aggregator.runUntilIdle() }
        store.put(Sample.image("a", [Sample.finding("CVE-1"), Sample.finding("CVE-2")]))
        try await aggregator.runUntilIdle()
        #expect(store.state.withLock { $0.outbox.count } == 2, "the summary and the change")
        #expect(sent.imageNews.map(\.changes) == [[.opened(Sample.finding("CVE-2"))]])
    }
}
