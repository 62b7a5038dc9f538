import Domain
import Notifications
import Synchronization
import Testing

/// What a report is told to read.
@Suite(.timeLimit(.minutes(10))) struct ReportScopeTests {
    private struct Refused: Error {}

    private let other = Registry(
        account: AccountID(rawValue: "444455556666"),
        region: RegionName(rawValue: "eu-west-1")
    )

    private func aggregator(_ store: FakeStore, _ effects: AggregatorEffects) -> Aggregator<FakeStore, FakeChanges> {
        let settings = AggregatorSettings(routes: Routes(defaultRoom: "security"))
        return Aggregator(store: store, changes: FakeChanges(store), effects: effects, settings: settings)
    }

    @Test func `The first report reads everything, and the next what the stream named since`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        store.put(Sample.image("a", [Sample.finding("CVE-1")]))
        store.put(Sample.image("b", [Sample.finding("CVE-1")], in: other))
        let aggregator = aggregator(store, sent.effects)
        try await aggregator.runUntilIdle()
        store.put(Sample.image("b", [], in: other))
        let changed = Sample.place("b", in: other)
        try await aggregator.runUntilIdle()
        try await aggregator.runUntilIdle()
        #expect(sent.state.withLock { $0.reported } == [.everything, ReportScope(images: [changed]), .nothing])
    }

    @Test func `What a report that failed should have announced is read by the next`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        store.put(Sample.image("a", [Sample.finding("CVE-1")]))
        let gate = Gate()
        var effects = sent.effects
        let publish = effects.publishReport
        effects.publishReport = { changed in
            try gate.pass()
            try await publish(changed)
        }
        let aggregator = aggregator(store, effects)
        try await aggregator.runUntilIdle()
        store.put(Sample.image("a", []))
        gate.failures.withLock { $0 = 1 }
        await #expect(throws: Refused.self) { try await aggregator.runUntilIdle() }
        store.put(Sample.image("b", [], in: other))
        try await aggregator.runUntilIdle()
        let changed = ReportScope(images: [Sample.place("a"), Sample.place("b", in: other)])
        #expect(sent.state.withLock { $0.reported } == [.everything, changed])
    }

    @Test func `A restart reads what no report tells of, and nothing else`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        store.put(Sample.image("a", [Sample.finding("CVE-1")]))
        try await aggregator(store, sent.effects).runUntilIdle()
        store.put(Sample.image("b", [], in: other))
        try await aggregator(store, sent.effects).runUntilIdle()
        let changed = ReportScope(images: [Sample.place("b", in: other)])
        #expect(sent.state.withLock { $0.reported } == [.everything, changed])
    }

    @Test func `A restart reads again what a report that failed should have announced`() async throws {
        let (store, sent) = (FakeStore(), Sent())
        store.put(Sample.image("a", [Sample.finding("CVE-1")]))
        try await aggregator(store, sent.effects).runUntilIdle()
        store.put(Sample.image("a", []))
        var effects = sent.effects
        effects.publishReport = { _ in throw Refused() }
        await #expect(throws: Refused.self) { try await aggregator(store, effects).runUntilIdle() }
        try await aggregator(store, sent.effects).runUntilIdle()
        let changed = ReportScope(images: [Sample.place("a")])
        #expect(sent.state.withLock { $0.reported } == [.everything, changed])
    }

    @Test func `After a gap, or where the report lies elsewhere than before, a restart compares everything`()
        async throws
    {
        let (store, sent) = (FakeStore(), Sent())
        store.put(Sample.image("a", [Sample.finding("CVE-1")]))
        try await aggregator(store, sent.effects).runUntilIdle()
        var settings = AggregatorSettings(routes: Routes(defaultRoom: "security"))
        settings.report = "another/bucket"
        let moved = Aggregator(store: store, changes: FakeChanges(store), effects: sent.effects, settings: settings)
        try await moved.runUntilIdle()
        let changes = FakeChanges(store)
        await changes.lose("trimmed")
        try await Aggregator(store: store, changes: changes, effects: sent.effects, settings: settings).runUntilIdle()
        #expect(sent.state.withLock { $0.reported } == [.everything, .everything, .everything])
    }

    /// Refuses as often as it is told to.
    private final class Gate: Sendable {
        let failures = Mutex(0)

        func pass() throws {
            try failures.withLock { left in
                guard left > 0 else { return }
                left -= 1
                throw Refused()
            }
        }
    }
}
