import ChangeFeed
import Domain
import FindingStore
import Notifications
import Support
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct AggregatorTests {

    @Test func `A new account is one summary, and after it only changes are announced`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        for number in 0..<30 { store.put(Sample.image("\(number)", [Sample.finding("CVE-\(number)")])) }
        let aggregator = Sent.aggregator(store, sent)
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
        try await Sent.aggregator(FakeStore(), sent).runUntilIdle()
        #expect(sent.state.withLock { $0.events }.contains { $0.hasPrefix("reached(at: 100") })
    }

    @Test func `The summary waits until the first collect sweep has ended`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        var running = Sent.collected
        running.completedAt = nil
        sent.state.withLock { $0.sweeps = [running] }
        let aggregator = Sent.aggregator(store, sent)
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
        let aggregator = Sent.aggregator(store, sent)
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
        let aggregator = Sent.aggregator(store, sent)
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
            let aggregator = Sent.aggregator(store, sent)
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
        let aggregator = Sent.aggregator(store, sent)
        try await aggregator.runUntilIdle()
        #expect(sent.news.isEmpty)
        sent.state.withLock { $0.sweeps = [Sent.collected, Sent.collected, abandoned] }
        try await aggregator.runUntilIdle()
        #expect(sent.news.count == 1)
    }

    @Test func `A write that fails loses nothing, repeats nothing and holds the checkpoint`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        let aggregator = Sent.aggregator(store, sent)
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
        let aggregator = Sent.aggregator(store, sent)
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

    @Test func `A restart goes on from the checkpoint and tells nothing twice`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        store.put(Sample.image("a", [Sample.finding("CVE-1")]))
        try await Sent.aggregator(store, sent).runUntilIdle()
        store.put(Sample.image("a", [Sample.finding("CVE-2")]))
        try await Sent.aggregator(store, sent).runUntilIdle()
        try await Sent.aggregator(store, sent).runUntilIdle()
        #expect(sent.news.count == 2)
        // Records that are read twice say only that the image is dirty.
        store.state.withLock { $0.checkpoint?.shards["shard"] = .after("0") }
        try await Sent.aggregator(store, sent).runUntilIdle()
        #expect(sent.news.count == 2)
    }

    @Test func `A gap is bridged by comparison, and said`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        store.put(Sample.image("a", [Sample.finding("CVE-1")]))
        store.put(Sample.image("b", [Sample.finding("CVE-1")]))
        store.put(Sample.image("c", []))
        try await Sent.aggregator(store, sent).runUntilIdle()
        store.put(Sample.image("a", [Sample.finding("CVE-2")]))
        store.remove(Sample.place("b"))
        let changes = FakeChanges(store)
        await changes.lose("records were dropped")
        try await Aggregator(store: store, changes: changes, effects: sent.effects, settings: Sent.settings)
            .runUntilIdle()
        let gaps = sent.news.compactMap { news in if case .gap(let gap) = news { gap } else { nil } }
        #expect(gaps.map(\.reason) == ["records were dropped"])
        #expect(gaps.map { [$0.compared, $0.differing] } == [[3, 2]])
        #expect(store.state.withLock { $0.written.count } == 1, "the same gap is not told again after a crash")
        #expect(Set(sent.imageNews.map(\.digest.rawValue)) == ["sha256:a", "sha256:b"])
    }

    @Test func `Reading only its own writes, the aggregator stores checkpoints once in a while`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        store.put(Sample.image("a", []))
        let aggregator = Sent.aggregator(store, sent)
        for _ in 0..<5 { try await aggregator.runUntilIdle() }
        #expect(store.state.withLock { $0.checkpointWrites } == 1)
    }

    @Test func `Running, it reports soon after a sweep ends and goes on while nothing can be announced`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        store.put(Sample.image("a", []))
        try await Sent.aggregator(store, sent).runUntilIdle()
        store.state.withLock { $0.failures = Array(repeating: Refused(disposition: .serverFault), count: 10_000) }
        sent.state.withLock { $0.reports = 0 }
        store.put(Sample.image("a", [Sample.finding("CVE-1")]))
        let aggregator = Sent.aggregator(store, sent)
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
