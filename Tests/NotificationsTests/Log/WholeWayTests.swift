import ChangeFeed
import Domain
import FindingStore
import Foundation
import HTTPTransport
import Notifications
import Reporting
import StoreTestSupport
import Synchronization
import TestSupport
import Testing

/// From a worker's write through DynamoDB and its stream to Hubot and the report.
@Suite(.requiresMotoServer, .timeLimit(.minutes(10))) struct WholeWayTests {
    /// Hubot and the bucket.
    private final class Outside: Sendable {
        let messages: Mutex<[String]> = Mutex([])
        let refusals: Mutex<Int> = Mutex(0)
        let reports: Mutex<[ReportSummary]> = Mutex([])

        var hubot: HTTPClient {
            HTTPClient { request in
                if self.refusals.withLock({ refusals in
                    defer { refusals = max(0, refusals - 1) }
                    return refusals > 0
                }) {
                    return HTTPResponse(status: 500)
                }
                self.messages.withLock { $0.append(String(decoding: request.body, as: UTF8.self)) }
                return HTTPResponse(status: 200)
            }
        }
    }

    private struct Source: ReportSource {
        let store: FindingStore

        func accounts() async throws -> [AccountStatus] { try await store.accounts() }
        func registries() async throws -> [RegistryStatus] { try await store.registries() }
        func repositories(in registry: Registry) async throws -> [RepositoryStatus] {
            try await store.repositories(in: registry)
        }
        func images(in registry: Registry) -> AsyncMapSequence<FindingStore.Images, SourceImage> {
            store.images(in: registry).map { SourceImage($0.status, fingerprint: $0.fingerprint) }
        }
        func images(at places: [ImageReference]) async throws -> [SourceImage] {
            try await store.images(at: places).values.map { SourceImage($0.status, fingerprint: $0.fingerprint) }
        }
        func fingerprints(in registry: Registry, _ take: (ImageReference, String) -> Void) async throws {
            try await store.fingerprints(in: registry, take)
        }
        func vulnerabilities(_ ids: [String]) async throws -> [Vulnerability] { try await store.vulnerabilities(ids) }
        func sweeps() -> [SweepState] { [] }
    }

    /// One process of the role: works until nothing is left to write, and delivers until nothing is left to deliver.
    private func run(_ store: FindingStore, fence: Int, _ outside: Outside) async throws {
        let fenced = FencedStore(store, fence: fence)
        let report = ReportBuilder(
            source: Source(store: store),
            storage: Nowhere(),
            organization: "fleet",
            now: { 0 }
        )
        let collected = SweepState(
            id: SweepID(kind: .collect, slot: "1"),
            total: 1,
            done: 1,
            isClosed: true,
            completedAt: 1
        )
        let effects = AggregatorEffects(
            publishReport: { changed in
                let summary = try await report.publish(changed)
                outside.reports.withLock { $0.append(summary) }
            },
            word: { MessageRenderer().drafts(room: $0, $1) },
            sweeps: { [collected] },
            sleep: { try await Task.sleep(for: $0) },
            now: { Date.now.timeIntervalSince1970 }
        )
        let settings = AggregatorSettings(routes: Routes(defaultRoom: "r"))
        try await Aggregator(store: fenced, changes: ChangeStream(store: store), effects: effects, settings: settings)
            .runUntilIdle()
        try await deliver(fenced, outside)
    }

    private func deliver(_ fenced: FencedStore, _ outside: Outside) async throws {
        let dispatcher = OutboxDispatcher(
            outbox: Box(fenced: fenced),
            chat: ChatClient(configuration: ChatConfiguration(url: "http://hubot"), http: outside.hubot),
            effects: OutboxDispatcherEffects(sleep: { _ in try await Task.sleep(for: .milliseconds(1)) }, now: { 0 })
        )
        let delivery = Task { try await dispatcher.run() }
        while try await !fenced.pending().isEmpty { try await Task.sleep(for: .milliseconds(20)) }
        delivery.cancel()
        _ = await delivery.result
    }

    private struct Box: Outbox {
        let fenced: FencedStore

        func pending() async throws -> [OutboxEntry] { try await fenced.pending() }
        func message(_ id: String) async throws -> OutboxMessage? { try await fenced.message(id) }
        func verifyLeadership() async throws { try await fenced.verifyLeadership() }
        func didDeliver(_ message: OutboxMessage) async throws { try await fenced.settle(message, as: .sent) }
        func setAside(_ message: OutboxMessage) async throws { try await fenced.settle(message, as: .refused) }
        func replace(_ message: OutboxMessage, by pieces: [OutboxMessage]) async throws {
            try await fenced.replace(message, by: pieces)
        }
    }

    @Test func `What changed is announced once, across restarts and refusals, and the report is whole`() async throws {
        try await LiveStore.with { store in
            let outside = Outside()
            let registry = StoreSample.registry
            try await store.put(
                AccountStatus(account: Account(id: registry.account, name: "production", state: .active))
            )
            try await store.put(RegistryStatus(registry: registry))
            for name in ["a", "b", "c"] {
                _ = try await store.put(
                    StoreSample.image(name, [StoreSample.finding("CVE-\(name)")]),
                    over: nil,
                    token: 1
                )
            }
            try await run(store, fence: 1, outside)
            #expect(outside.messages.withLock { $0.count } == 1)
            #expect(outside.messages.withLock { $0[0].contains("First Look at production") })
            #expect(outside.reports.withLock { $0.last?.images } == 3)

            let stored = try await store.images(at: ["a", "b", "c"].map { StoreSample.place($0) })
            let changed = StoreSample.image("a", [StoreSample.finding("CVE-new", .critical)])
            _ = try await store.put(changed, over: stored[StoreSample.place("a")], token: 2)
            let lost = StoreSample.image("b", [], coverage: Coverage(.expiredEligibility))
            _ = try await store.put(lost, over: stored[StoreSample.place("b")], token: 2)
            let gone = try #require(stored[StoreSample.place("c")])
            _ = try await store.remove(gone, token: 2)
            outside.refusals.withLock { $0 = 3 }
            for fence in 2...3 { try await run(store, fence: fence, outside) }
            let messages = outside.messages.withLock { $0 }
            #expect(messages.count == 2)
            for fact in [
                "New CRITICAL: CVE-new", "Removed HIGH: CVE-a", "no longer judged: expired eligibility",
                "image removed",
            ] { #expect(messages.last?.contains(fact) == true, "\(fact)") }
            #expect(messages.last?.contains("CVE-b") == false, "nothing was resolved where nobody looked")
            #expect(outside.reports.withLock { $0.last }.map { [$0.images, $0.judged] } == [2, 1])
        }
    }
}

/// Takes a report's files, and keeps the parts that make it.
private final class Nowhere: ReportStorage {
    private let files: Mutex<[String: [UInt8]]> = Mutex([:])

    func open() -> Set<String> { files.withLock { Set($0.keys) } }
    func read(_ name: String) -> Reader? { files.withLock { $0[name] }.map { Reader(bytes: $0) } }
    func readEnd(of name: String, count: Int) -> [UInt8]? { files.withLock { $0[name]?.suffix(count) } }
    func begin(_ file: ReportFile) -> Upload { Upload(storage: self, name: file.name) }
    func remove(_ name: String) { files.withLock { $0[name] = nil } }

    struct Reader: ReportReader {
        var bytes: [UInt8]?

        mutating func next() -> [UInt8]? {
            defer { bytes = nil }
            return bytes
        }
    }

    struct Upload: ReportUpload {
        let storage: Nowhere
        let name: String
        var bytes: [UInt8] = []

        mutating func append(_ bytes: [UInt8]) { self.bytes += bytes }
        mutating func finish() { storage.files.withLock { $0[name] = bytes } }
        mutating func cancel() {}
    }
}
