internal import AWSCore
internal import Support
internal import Synchronization
internal import Testing

@Suite(.timeLimit(.minutes(10))) struct ExpiringCredentialsTests {
    /// A source of sessions whose clock, length and health a test sets.
    private final class Source: Sendable {
        struct State {
            var now: Double = 1000
            var lifetime: Double = 3600
            var failure: CredentialsError?
            var loads = 0
        }

        private let state = Mutex(State())
        private let (gate, opener) = AsyncStream.makeStream(of: Void.self)
        private let isGated: Bool

        /// A gated source answers once `open` is called.
        init(isGated: Bool = false) { self.isGated = isGated }

        var loads: Int { state.withLock { $0.loads } }

        func set(_ change: @Sendable (inout State) -> Void) { state.withLock { change(&$0) } }

        func open() { opener.finish() }

        var provider: ExpiringCredentials {
            ExpiringCredentials(now: { self.state.withLock { $0.now } }, load: { try await self.load() })
        }

        private func load() async throws -> Credentials {
            let state = state.withLock { state in
                state.loads += 1
                return state
            }
            if isGated { for await _ in gate {} }
            if let failure = state.failure { throw failure }
            return Credentials(
                accessKeyID: "session \(state.loads)",
                secretAccessKey: Secret("s"),
                expiration: state.now + state.lifetime
            )
        }

        /// Waits until as many loads have begun; ends by the suite's limit should they never.
        func waitForLoads(_ count: Int) async { while loads < count { await Task.yield() } }
    }

    @Test func `Loads once for 500 callers at a time`() async throws {
        let source = Source(isGated: true)
        let provider = source.provider
        let ids = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<500 { group.addTask { try await provider.credentials().accessKeyID } }
            await source.waitForLoads(1)
            source.open()
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(ids == ["session 1"])
        #expect(source.loads == 1)
    }

    @Test func `Forgets a failure`() async throws {
        let source = Source()
        let provider = source.provider
        source.set { $0.failure = CredentialsError("denied") }
        await #expect(throws: CredentialsError("denied")) { try await provider.credentials() }
        source.set { $0.failure = nil }
        #expect(try await provider.credentials().accessKeyID == "session 2")
    }

    @Test func `A waiter's cancellation harms nobody`() async throws {
        let source = Source(isGated: true)
        let provider = source.provider
        let first = Task { try await provider.credentials().accessKeyID }
        await source.waitForLoads(1)
        let others = (0..<10).map { _ in Task { try await provider.credentials().accessKeyID } }
        first.cancel()
        source.open()
        for other in others { #expect(try await other.value == "session 1") }
        #expect(source.loads == 1)
    }

    @Test func `A cancelled waiter waits no longer, and the load goes on for the others`() async throws {
        let source = Source(isGated: true)
        let provider = source.provider
        let cancelled = Task { try await provider.credentials().accessKeyID }
        await source.waitForLoads(1)
        cancelled.cancel()
        // Ends though nobody has opened the gate.
        await #expect(throws: CancellationError.self) { try await cancelled.value }
        let other = Task { try await provider.credentials().accessKeyID }
        source.open()
        #expect(try await other.value == "session 1")
        #expect(source.loads == 1)
    }

    @Test func `Renews what may be revoked at once, and ever more seldom while that does not help`() async throws {
        let source = Source()
        let provider = source.provider
        /// Moves the clock, and tells the provider that its keys were refused; the number of the session it then gives.
        func refused(after seconds: Double) async throws -> String {
            source.set { $0.now += seconds }
            await provider.invalidate(try await provider.credentials(), .mayBeRevoked)
            return try await provider.credentials().accessKeyID
        }
        #expect(try await refused(after: 0) == "session 2", "however young")
        #expect(try await refused(after: 4) == "session 2")
        #expect(try await refused(after: 1) == "session 3")
        #expect(try await refused(after: 19) == "session 3")
        #expect(try await refused(after: 1) == "session 4")
        #expect(try await refused(after: 79) == "session 4")
        #expect(try await refused(after: 1) == "session 5")
        // What is refused long after the last doubt is doubted anew.
        #expect(try await refused(after: 320 + 900) == "session 6")
        #expect(try await refused(after: 5) == "session 7")
    }

    @Test(arguments: [(3600.0, 900.0, 600.0), (43200, 900, 600), (900, 225, 150)])
    func `Refreshes early aside, and late before it answers`(lifetime: Double, early: Double, late: Double) async throws
    {
        let source = Source()
        source.set { $0.lifetime = lifetime }
        let provider = source.provider
        #expect(try await provider.credentials().accessKeyID == "session 1")
        source.set { $0.now = 1000 + lifetime - early - 1 }
        #expect(try await provider.credentials().accessKeyID == "session 1")
        #expect(source.loads == 1)
        source.set { $0.now = 1000 + lifetime - early }
        #expect(try await provider.credentials().accessKeyID == "session 1")
        await source.waitForLoads(2)
        // Whether the early load has ended by now is its own affair; a late caller gets new keys in any case.
        source.set { $0.now += lifetime - late }
        #expect(try await provider.credentials().accessKeyID != "session 1")
    }

    @Test func `Goes on with old keys while early loads fail, and tries those once a minute`() async throws {
        let source = Source()
        let provider = source.provider
        _ = try await provider.credentials()
        source.set { state in
            state.now = 1000 + 3600 - 890
            state.failure = CredentialsError("denied")
        }
        for _ in 0..<100 {
            #expect(try await provider.credentials().accessKeyID == "session 1")
            await Task.yield()
        }
        await source.waitForLoads(2)
        #expect(source.loads == 2)
        source.set { $0.now += 61 }
        #expect(try await provider.credentials().accessKeyID == "session 1")
        await source.waitForLoads(3)
        source.set { $0.now = 1000 + 3600 - 600 }
        await #expect(throws: CredentialsError("denied")) { try await provider.credentials() }
    }

    @Test func `Loads again after a refusal, unless newer keys have come`() async throws {
        let source = Source()
        let provider = source.provider
        let old = try await provider.credentials()
        await provider.invalidate(old, .expired)
        #expect(try await provider.credentials().accessKeyID == "session 2")
        await provider.invalidate(old, .expired)
        #expect(try await provider.credentials().accessKeyID == "session 2")
    }

    @Test func `Refuses keys that arrive expired, and blames the clock`() async throws {
        let source = Source()
        source.set { $0.lifetime = -1 }
        let error = await #expect(throws: CredentialsError.self) { try await source.provider.credentials() }
        #expect(error?.description.contains("clock") == true)
        #expect(error?.disposition == .transient)
    }

    @Test func `Keeps keys that do not expire`() async throws {
        let loads = Counter()
        let provider = ExpiringCredentials(
            now: { 1e12 },
            load: {
                loads.increment()
                return SignatureVector.credentials
            }
        )
        for _ in 0..<3 { #expect(try await provider.credentials() == SignatureVector.credentials) }
        #expect(loads.value == 1)
    }
}
