import Aggregation
import Domain
import FindingStore
import Retry
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct AggregatorTests {
    private struct Refused: Classified {
        var disposition: Disposition
    }

    private static let settings = AggregatorSettings(routes: Routes(commonRoom: "security"))

    private func aggregator(_ store: FakeStore, _ sent: Sent) -> Aggregator<FakeStore, FakeChanges> {
        Aggregator(store: store, changes: FakeChanges(store), effects: sent.effects, settings: Self.settings)
    }

    @Test func `A new account is one summary, and after it only changes are told`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        for number in 0..<30 { store.put(Sample.image("\(number)", [Sample.finding("CVE-\(number)")])) }
        let aggregator = aggregator(store, sent)
        try await aggregator.runUntilIdle()
        #expect(sent.news.count == 1)
        guard case .baseline(let summary) = sent.news[0] else {
            Issue.record("the first news is no summary")
            return
        }
        #expect(summary.images == 30)
        #expect(summary.findings == [.high: 30])
        store.put(Sample.image("3", [Sample.finding("CVE-3"), Sample.finding("CVE-99", .critical)]))
        try await aggregator.runUntilIdle()
        #expect(sent.imageNews.map(\.changes) == [[.opened(Sample.finding("CVE-99", .critical))]])
        #expect(sent.news.count == 2)
    }

    @Test func `A look at the stream that leaves nothing unread reaches the moment of the look`() async throws {
        let sent = Sent()
        try await aggregator(FakeStore(), sent).runUntilIdle()
        #expect(sent.state.withLock { $0.events }.contains("reached(at: 1000.0)"))
    }

    @Test func `The summary waits until the first collect sweep has ended`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        var running = Sent.collected
        running.completedAt = nil
        sent.state.withLock { $0.sweeps = [running] }
        let aggregator = aggregator(store, sent)
        store.put(Sample.image("a", [Sample.finding("CVE-1")]))
        try await aggregator.runUntilIdle()
        #expect(sent.news.isEmpty)
        store.put(Sample.image("b", [Sample.finding("CVE-1")]))
        sent.state.withLock { $0.sweeps = [Sent.collected] }
        try await aggregator.runUntilIdle()
        guard case .baseline(let summary)? = sent.news.first else {
            Issue.record("no summary came")
            return
        }
        #expect(sent.news.count == 1)
        #expect(summary.images == 2)
    }

    @Test func `A scan sweep's waiting images are no first look`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        let aggregator = aggregator(store, sent)
        store.put(Sample.image("a", [], coverage: Coverage(.waiting)))
        try await aggregator.runUntilIdle()
        #expect(sent.news.isEmpty)
        store.put(Sample.image("a", [Sample.finding("CVE-1")]))
        try await aggregator.runUntilIdle()
        guard case .baseline? = sent.news.first else {
            Issue.record("no summary came")
            return
        }
    }

    @Test func `A region that is looked at later has a summary of its own`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        let aggregator = aggregator(store, sent)
        store.put(Sample.image("a", [Sample.finding("CVE-1")]))
        try await aggregator.runUntilIdle()
        let other = Registry(account: Sample.registry.account, region: RegionName(rawValue: "us-east-1"))
        store.put(Sample.image("b", [Sample.finding("CVE-1")], in: other))
        try await aggregator.runUntilIdle()
        guard sent.news.count == 2, case .baseline(let second) = sent.news[1] else {
            Issue.record("no second summary came")
            return
        }
        #expect(second.regions == [other.region])
        #expect(store.baselines().first?.regions == [other.region, Sample.registry.region])
    }

    @Test func `A summary that cannot be written loses no other account's`() async throws {
        for disposition in [Disposition.serverFault, .permanent] {
            let (store, sent) = (FakeStore(), Sent())
            for digit in 1...3 {
                let account = AccountID(rawValue: String(repeating: "\(digit)", count: 12))
                store.put(Sample.image("a", [], in: Registry(account: account, region: Sample.registry.region)))
            }
            store.state.withLock { $0.failures = [Refused(disposition: disposition)] }
            let aggregator = aggregator(store, sent)
            await #expect(throws: Refused.self) { try await aggregator.runUntilIdle() }
            let outbox = store.state.withLock { $0.outbox.count }
            #expect(outbox == (disposition == .permanent ? 2 : 0), "only a refusal for good stands alone")
            try await aggregator.runUntilIdle()
            #expect(store.state.withLock { $0.outbox.count } == 3)
        }
    }

    @Test func `A sweep that was abandoned holds up no summary for ever`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        var abandoned = Sent.collected
        abandoned.completedAt = nil
        sent.state.withLock { $0.sweeps = [Sent.collected, abandoned] }
        store.put(Sample.image("a", []))
        let aggregator = aggregator(store, sent)
        try await aggregator.runUntilIdle()
        #expect(sent.news.isEmpty)
        sent.state.withLock { $0.sweeps = [Sent.collected, Sent.collected, abandoned] }
        try await aggregator.runUntilIdle()
        #expect(sent.news.count == 1)
    }

    @Test func `A write that fails loses nothing, repeats nothing and holds the checkpoint`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        let aggregator = aggregator(store, sent)
        store.put(Sample.image("a", []))
        try await aggregator.runUntilIdle()
        let before = store.checkpoint()
        store.state.withLock { $0.failures = [Refused(disposition: .serverFault)] }
        store.put(Sample.image("a", [Sample.finding("CVE-1")]))
        await #expect(throws: Refused.self) { try await aggregator.runUntilIdle() }
        #expect(store.checkpoint() == before)
        try await aggregator.runUntilIdle()
        #expect(sent.imageNews.map(\.changes) == [[.opened(Sample.finding("CVE-1"))]])
        try await aggregator.runUntilIdle()
        #expect(sent.imageNews.count == 1)
    }

    @Test func `An image that cannot be written down does not hold up other repositories`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        let aggregator = aggregator(store, sent)
        store.put(Sample.image("a", [], repository: "a"))
        try await aggregator.runUntilIdle()
        store.state.withLock { $0.failures = [Refused(disposition: .permanent)] }
        store.put(Sample.image("a", [Sample.finding("CVE-1")], repository: "a"))
        store.put(Sample.image("b", [Sample.finding("CVE-2")], repository: "b"))
        await #expect(throws: Refused.self) { try await aggregator.runUntilIdle() }
        #expect(sent.imageNews.map(\.changes) == [[.opened(Sample.finding("CVE-2"))]])
        try await aggregator.runUntilIdle()
        #expect(sent.imageNews.count == 2)
    }

    @Test func `Whatever moment it ends at, what was noted is told once by the next`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        store.put(Sample.image("a", []))
        store.put(Sample.image("b", []))
        try await aggregator(store, sent).runUntilIdle()
        store.put(Sample.image("a", [Sample.finding("CVE-1")]))
        let first = aggregator(store, sent)
        try await first.follow()
        // Notes are written, and the process ends before they become messages.
        var running = Sent.collected
        running.completedAt = nil
        sent.state.withLock { $0.sweeps = [running] }
        try await first.announce()
        #expect(store.notes(limit: 9).count == 1)
        sent.state.withLock { $0.sweeps = [Sent.collected] }
        store.state.withLock { $0.failures = [Refused(disposition: .serverFault)] }
        let second = aggregator(store, sent)
        await #expect(throws: Refused.self) { try await second.runUntilIdle() }
        #expect(store.notes(limit: 9).count == 1, "messages and what they tell are written together")
        try await aggregator(store, sent).runUntilIdle()
        #expect(store.notes(limit: 9).isEmpty)
        #expect(store.state.withLock { $0.outbox.count } == 2, "the summary and the change")
    }

    @Test func `News of a sweep under way is gathered, and told when its time is over`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        for number in 0..<5 { store.put(Sample.image("\(number)", [], repository: "r\(number)")) }
        let aggregator = aggregator(store, sent)
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

    @Test func `When the last image is clear, that is said once`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        for number in 0..<5 { store.put(Sample.image("\(number)", [])) }
        let aggregator = aggregator(store, sent)
        try await aggregator.runUntilIdle()
        for number in 0..<5 { store.put(Sample.image("\(number)", [Sample.finding("CVE-1")])) }
        try await aggregator.runUntilIdle()
        // A restart between knows both what is spread and where it stands.
        let second = self.aggregator(store, sent)
        for number in 0..<3 { store.put(Sample.image("\(number)", [])) }
        try await second.runUntilIdle()
        store.remove(Sample.place("3"))
        store.put(Sample.image("4", []))
        try await second.runUntilIdle()
        let spread = sent.news.compactMap { news in if case .vulnerabilities(let news) = news { news } else { nil } }
        #expect(spread.map(\.kind) == [.opened, .resolved, .resolved])
        #expect(spread.map(\.remaining) == [nil, 2, 0])
        #expect(spread.map(\.isAllClear) == [false, false, true])
        #expect(store.spreads() == ["security": []])
    }

    @Test func `Messages too large for one transaction are written in several`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        for number in 0..<20 { store.put(Sample.image("\(number)", [], repository: "r\(number)")) }
        let aggregator = aggregator(store, sent)
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
        try await aggregator(store, sent).runUntilIdle()
        store.put(Sample.image("a", [Sample.finding("CVE-1")]))
        store.state.withLock { $0.failures = Array(repeating: StoreError.led(1), count: 2) }
        await #expect(throws: StoreError.led(1)) { try await aggregator(store, sent).run() }
    }

    @Test func `A restart goes on from the checkpoint and tells nothing twice`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        store.put(Sample.image("a", [Sample.finding("CVE-1")]))
        try await aggregator(store, sent).runUntilIdle()
        store.put(Sample.image("a", [Sample.finding("CVE-2")]))
        try await aggregator(store, sent).runUntilIdle()
        try await aggregator(store, sent).runUntilIdle()
        #expect(sent.news.count == 2)
        // Records that are read twice say only that the image is dirty.
        store.state.withLock { $0.checkpoint?.shards["shard"] = .after("0") }
        try await aggregator(store, sent).runUntilIdle()
        #expect(sent.news.count == 2)
    }

    @Test func `A gap is bridged by comparison, and said`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        store.put(Sample.image("a", [Sample.finding("CVE-1")]))
        store.put(Sample.image("b", [Sample.finding("CVE-1")]))
        store.put(Sample.image("c", []))
        try await aggregator(store, sent).runUntilIdle()
        store.put(Sample.image("a", [Sample.finding("CVE-2")]))
        store.remove(Sample.place("b"))
        let changes = FakeChanges(store)
        await changes.lose("records were dropped")
        try await Aggregator(store: store, changes: changes, effects: sent.effects, settings: Self.settings)
            .runUntilIdle()
        let gaps = sent.news.compactMap { news in if case .gap(let gap) = news { gap } else { nil } }
        #expect(gaps.map(\.reason) == ["records were dropped"])
        #expect(gaps.map { [$0.compared, $0.differing] } == [[3, 2]])
        #expect(store.state.withLock { $0.told.count } == 1, "the same gap is not told again after a crash")
        #expect(Set(sent.imageNews.map(\.digest.rawValue)) == ["sha256:a", "sha256:b"])
    }

    @Test func `Reading only its own writes, the aggregator stores checkpoints once in a while`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        store.put(Sample.image("a", []))
        let aggregator = aggregator(store, sent)
        for _ in 0..<5 { try await aggregator.runUntilIdle() }
        #expect(store.state.withLock { $0.checkpointWrites } == 1)
    }

    @Test func `Running, it reports soon after a sweep ends and goes on while nothing can be announced`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        store.put(Sample.image("a", []))
        try await aggregator(store, sent).runUntilIdle()
        store.state.withLock { $0.failures = Array(repeating: Refused(disposition: .serverFault), count: 10_000) }
        sent.state.withLock { $0.reports = 0 }
        store.put(Sample.image("a", [Sample.finding("CVE-1")]))
        let aggregator = aggregator(store, sent)
        let task = Task { try await aggregator.run() }
        try await until { sent.state.withLock { $0.reports > 0 } && store.state.withLock { $0.failures.count < 9_990 } }
        let reports = sent.state.withLock { $0.reports }
        sent.state.withLock { state in
            state.sweeps.insert(
                SweepState(id: SweepID(kind: .scan, slot: "2"), total: 0, done: 0, isClosed: true, completedAt: 9),
                at: 0
            )
        }
        try await until { sent.state.withLock { $0.reports > reports } }
        store.state.withLock { $0.failures = [] }
        try await until { sent.imageNews.count == 1 }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    private func until(_ condition: () -> Bool) async throws {
        while !condition() { try await Task.sleep(for: .milliseconds(2)) }
    }
}
