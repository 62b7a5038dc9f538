import Domain
import FindingStore
import Notifications
import Support
import Synchronization
import Testing

/// Which places the team is told to be looked into no more, and again.
@Suite(.timeLimit(.minutes(10))) struct PlaceTests {
    private static let denied = Coverage(.accessDenied, reason: "no role")
    private static let account = Account(id: Sample.registry.account, name: "shop", state: .active)

    private static func repository(_ name: String, _ obstacle: Coverage? = nil) -> RepositoryStatus {
        RepositoryStatus(
            place: RepositoryReference(registry: Sample.registry, name: RepositoryName(rawValue: name)),
            obstacle: obstacle
        )
    }

    private let store = FakeStore()
    private let sent = Sent()

    /// Ends another sweep that leaves these obstacles, and lets a new aggregator tell what it told.
    private func sweep(account obstacle: Coverage? = nil, _ repositories: [RepositoryStatus] = []) async throws {
        store.state.withLock { state in
            state.accounts = [AccountStatus(account: Self.account, obstacle: obstacle)]
            state.repositories = repositories
        }
        try await Sent.aggregator(store, sent).runUntilIdle()
    }

    private var announced: [AccessChange] {
        sent.news.compactMap { news in if case .access(let news) = news { news } else { nil } }
    }

    @Test func `An account that is lost and regained is announced once each, across restarts`() async throws {
        store.put(Sample.image("a", [Sample.finding("CVE-1")], coverage: Coverage(.scanned, at: 7)))
        store.put(Sample.image("b", [], coverage: Coverage(.unsupported)))
        try await sweep()
        #expect(announced.isEmpty)
        for _ in 0..<2 { try await sweep(account: Self.denied) }
        #expect(announced.map(\.obstacle) == [Self.denied])
        #expect(announced.map(\.images) == [1])
        #expect(announced.map(\.lastJudgedAt) == [7])
        #expect(announced.map(\.accountName) == ["shop"])
        try await sweep(account: Coverage(.throttled))
        #expect(announced.count == 1, "what passes by itself is neither lost nor regained")
        for _ in 0..<2 { try await sweep() }
        #expect(announced.map(\.obstacle) == [Self.denied, nil])
        #expect(announced.map(\.region) == [nil, nil])
    }

    @Test func `Repositories with one obstacle share a message, and what is deleted is announced no more`() async throws
    {
        store.put(Sample.image("a", [], repository: "r1"))
        store.put(Sample.image("b", [], repository: "other"))
        try await sweep()
        let lost = ["r1", "r2"].map { Self.repository($0, Self.denied) }
        try await sweep(lost + [Self.repository("r3", Coverage(.failed)), Self.repository("r4")])
        #expect(Set(announced.map { $0.repositories.map(\.rawValue) }) == [["r1", "r2"], ["r3"]])
        #expect(announced.first { $0.repositories.count == 2 }?.images == 1)
        try await sweep([Self.repository("r2"), Self.repository("r3", Coverage(.failed))])
        #expect(announced.count == 3)
        #expect(announced.last?.repositories.map(\.rawValue) == ["r2"])
        #expect(announced.last?.obstacle == nil)
        #expect(store.announcedObstacles().first?.obstacles.count == 1, "r1 is gone, and r3 as it was")
    }

    @Test func `A place that was switched off is announced where something was status in it`() async throws {
        try await sweep(account: Coverage(.accountInactive))
        #expect(announced.isEmpty)
        store.put(Sample.image("a", []))
        try await sweep()
        #expect(announced.isEmpty, "what was not told as lost is not told as regained")
        try await sweep(account: Coverage(.accountInactive))
        #expect(announced.map(\.images) == [1])
    }

    @Test func `Beneath a place that is lost nothing is announced`() async throws {
        store.put(Sample.image("a", []))
        try await sweep(account: Self.denied, [Self.repository("app", Self.denied)])
        #expect(announced.map(\.repositories) == [[]])
        try await sweep([Self.repository("app", Self.denied)])
        let later = Set(
            announced.dropFirst().map { "\($0.repositories.map(\.rawValue).joined()) \($0.obstacle != nil)" }
        )
        #expect(later == [" false", "app true"])
    }

    @Test func `A message that could not be written is written later, and once`() async throws {
        store.put(Sample.image("a", []))
        try await sweep()
        store.state.withLock { state in
            state.accounts = [AccountStatus(account: Self.account, obstacle: Self.denied)]
            state.failures = [Refused(disposition: .serverFault)]
        }
        let aggregator = Sent.aggregator(store, sent)
        await #expect(throws: Refused.self) { try await aggregator.runUntilIdle() }
        #expect(store.announcedObstacles().isEmpty)
        sent.state.withLock { $0.now += 60 }
        try await aggregator.runUntilIdle()
        sent.state.withLock { $0.now += 60 }
        try await aggregator.runUntilIdle()
        #expect(store.state.withLock { $0.outbox.count } == 2, "the summary and the loss")
    }

    @Test func `A hundred accounts that are lost at once are written together, forty at a time`() async throws {
        let accounts = (0..<100).map { number in
            Account(id: AccountID(rawValue: "\(100_000_000_000 + number)"), name: "a\(number)", state: .active)
        }
        store.state.withLock { state in
            state.accounts = accounts.map { AccountStatus(account: $0, obstacle: Self.denied) }
            state.mostDrafts = 40
        }
        for _ in 0..<2 { try await Sent.aggregator(store, sent).runUntilIdle() }
        #expect(Set(announced.map(\.account)) == Set(accounts.map(\.id)))
        #expect(announced.count == 100)
        #expect(sent.state.withLock { $0.wordings } == 3)
    }

    @Test func `Nothing is announced while a collect sweep may still take it back`() async throws {
        store.put(Sample.image("a", []))
        try await sweep()
        var running = Sent.collected
        running.completedAt = nil
        sent.state.withLock { $0.sweeps = [running] }
        try await sweep(account: Self.denied)
        #expect(announced.isEmpty)
        sent.state.withLock { $0.sweeps = [Sent.collected] }
        try await sweep(account: Self.denied)
        #expect(announced.count == 1)
    }
}
