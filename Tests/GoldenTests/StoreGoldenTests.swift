import ChangeFeed
import Domain
import FindingStore
import Foundation
import Notifications
import Testing

/// Every kind of item in DynamoDB, as the requests that write, read and remove it.
@Suite struct StoreGoldenTests {
    @Test(arguments: StoreTours.all.map(\.name)) func `The requests about a kind of item`(name: String) async throws {
        let tour = try #require(StoreTours.all.first { $0.name == name })
        let table = RecordingDynamoDB()
        try await tour.run(try table.store())
        try expectGolden(try table.text(), "DynamoDB/\(name).txt")
    }

    /// The first word of every key that the source makes; a new kind of item is to be added to a tour.
    @Test func `No kind of item is missing`() async throws {
        let table = RecordingDynamoDB()
        for tour in StoreTours.all { try await tour.run(try table.store()) }
        let keys = try table.keys()
        var words: Set<String> = []
        for (_, text) in try Sources.texts(withExtension: "swift") where text.contains("(partition: \"") {
            let lines = text.split(separator: "\n").filter { $0.contains("partition") || $0.contains("static let") }
            for line in lines { words.formUnion(line.matches(of: /"([a-z]+)[\/" ]/).map { String($0.output.1) }) }
        }
        #expect(words.count >= 15, "the keys are made elsewhere now: \(words.sorted())")
        for word in words { #expect(keys.contains { $0.contains(word) }, "no tour writes an item of the kind \(word)") }
        let partitions = Set(keys.compactMap { $0.split(separator: " ").first.map { "\($0)\n" } })
        try expectGolden(partitions.sorted().joined(), "DynamoDB/partitions.txt")
    }
}

/// What is done to the items of each kind.
struct StoreTours {
    var name: String
    var run: @Sendable (FindingStore) async throws -> Void

    static let all = places + images + announced + messages

    private static let places = [
        StoreTours(name: "table") { store in try await store.createTable() },
        StoreTours(name: "account") { store in
            try await store.put(Sample.account(Sample.production, "production"), fence: 3)
            let denied = Coverage(.accessDenied, reason: "no role", at: 5)
            try await store.put(Sample.account(Sample.sandbox, "sandbox", unit: "/Test", obstacle: denied))
            _ = try await store.accounts()
        },
        StoreTours(name: "registry") { store in
            try await store.put(RegistryStatus(registry: Sample.europe))
            try await store.put(
                RegistryStatus(registry: Sample.china, obstacle: Coverage(.regionOff), scanType: "BASIC"),
                fence: 3
            )
            _ = try await store.registries()
        },
        StoreTours(name: "repository") { store in
            for kind in SweepKind.allCases {
                for observation in [
                    RepositoryObservation.listed(beyondLimit: 7, outOfScope: 5), .refused(Coverage(.throttled, at: 4)),
                    .leftToOthers,
                ] { try await store.record(observation, of: Sample.repository(), by: kind, token: 9) }
            }
            try await store.record(.leftToOthers, of: Sample.repository(), by: .scan, token: nil)
            try await store.remove(Sample.repository(), token: 9)
            _ = try await store.repositories(in: Sample.europe)
        },
        StoreTours(name: "sweep") { store in
            var record = SweepRecord(
                id: SweepID(kind: .collect, slot: "1"),
                accounts: 1,
                registries: 2,
                repositories: 3,
                refusedPlaces: 4
            )
            try await store.put(record)
            record.completeness = SweepCompleteness(
                verdict: .completeWithGaps,
                images: 5,
                states: [.scanned: 3, .failed: 2],
                gaps: 6,
                refusedPlaces: 4,
                refusedRepositories: 1
            )
            try await store.put(record, fence: 3)
            _ = try await store.sweeps([record.id])
        },
        StoreTours(name: "scan-budget") { store in
            _ = try await store.scansLeft(in: Sample.europe, limit: 100)
            _ = try await store.takeScans(10, of: Sample.europe, limit: 100)
        },
    ]

    private static let images = [
        StoreTours(name: "image") { store in
            let image = Sample.image("a", tags: ["1.0", "latest"], [Sample.finding("CVE-1"), Sample.bareFinding])
            _ = try await store.put(image, over: nil, token: 5)
            let stored = StoredImage(status: image, fingerprint: "0123", token: 5)
            let failed = Sample.image("a", tags: [], coverage: Coverage(.failed, reason: "why"))
            _ = try await store.put(failed, over: stored, token: 6)
            _ = try await store.remove(stored, token: 6)
            _ = try await store.images(in: Sample.repository())
            _ = try await store.images(at: [Sample.place("a")])
            try await store.fingerprints(in: Sample.europe) { _, _ in }
        },
        StoreTours(name: "image-in-parts") { store in
            let image = Sample.image("a", Sample.incompressible(18_000))
            _ = try await store.put(image, over: nil, token: 5)
            let stored = StoredImage(status: image, fingerprint: String(repeating: "0", count: 64), token: 5, parts: 2)
            _ = try await store.remove(stored, token: 6)
        },
        StoreTours(name: "vulnerability") { store in
            try await store.record([
                Vulnerability(
                    id: "CVE-1",
                    severity: .high,
                    title: "Short",
                    description: "Long",
                    link: "https://example.com/1",
                    attributes: [.init(key: "CVSS3_SCORE", value: "9.8")],
                    firstSeen: 7
                )
            ])
            try await store.record([Vulnerability(id: "GHSA-1", severity: .untriaged)])
            _ = try await store.vulnerability("CVE-1")
        },
    ]

    private static let announced = [
        StoreTours(name: "leader") { store in
            try await FencedStore(store, fence: 3).lead()
            await #expect(throws: StoreError.superseded(3)) {
                try await FencedStore(store, fence: 3).verifyLeadership()
            }
        },
        StoreTours(name: "announced") { store in
            let image = AnnouncedImage(
                StoredImage(status: Sample.image("a", [Sample.finding("CVE-1")]), fingerprint: "0123", token: 5)
            )
            let fenced = FencedStore(store, fence: 3)
            try await fenced.announce([image])
            try await fenced.write([AnnouncedChange(update: .forget, replaced: image, note: nil)])
            _ = try await store.announced(at: [image.place])
            for try await _ in store.announced(in: Sample.europe) {}
        },
        StoreTours(name: "note") { store in
            let fenced = FencedStore(store, fence: 3)
            for cause in Sample.occasions {
                let news = Sample.news("a", cause, Sample.changes, openFindings: [.critical: 2, .high: 1])
                let note = ChangeRecord(at: 12.5, repository: Sample.repository(), image: news)
                try await fenced.write([AnnouncedChange(update: .forget, replaced: nil, note: note)])
            }
            _ = try await fenced.notes(limit: 10)
            _ = try await store.pendingNotes()
        },
        StoreTours(name: "checkpoint") { store in
            let shards: [String: ShardProgress] = ["a": .beginning, "b": .after("17"), "c": .finished]
            var checkpoint = StreamCheckpoint(streamARN: "arn:stream", shards: shards)
            try await FencedStore(store, fence: 3).put(checkpoint)
            checkpoint.savedAt = 9.5
            checkpoint.report = "findings/"
            try await FencedStore(store, fence: 3).put(checkpoint)
            _ = try await store.checkpoint()
        },
    ]

    private static let messages = [
        StoreTours(name: "posting") { store in
            let section = MessageSection(text: "text", event: #"{"a":1}"#)
            var outboxBatch = OutboxBatch(
                drafts: [MessageDraft(room: "r", sections: [section, section])],
                once: "gap 1"
            )
            outboxBatch.announced = "note-1"
            outboxBatch.marker = BaselineMarker(
                account: Sample.production,
                regions: [Sample.europe.region, Sample.china.region]
            )
            outboxBatch.widespread = ["r": ["CVE-1", "CVE-2"]]
            outboxBatch.rules = RuleHistory(threshold: .critical, suppressions: Suppressions([Sample.rule]))
                .followed(by: .high, Suppressions([Sample.rule, Self.laterRule]), at: 7)
                .followed(by: .high, Suppressions([Self.laterRule]), at: 8)
            _ = try await FencedStore(store, fence: 3).post(outboxBatch)
            for place: AccessScope in [
                .account(Sample.production), .registry(Sample.europe), .repository(Sample.repository()),
            ] {
                var outboxBatch = OutboxBatch()
                let obstacles = [place: Coverage(.accessDenied, reason: "no role")]
                outboxBatch.obstacles = [AnnouncedObstacles(account: Sample.production, obstacles: obstacles)]
                _ = try await FencedStore(store, fence: 3).post(outboxBatch)
            }
            _ = try await store.baselines()
            _ = try await store.widespread()
            _ = try await store.announcedObstacles()
            _ = try await store.ruleMemory()
            _ = try await store.wasAnnounced(once: "gap 1")
        },
        StoreTours(name: "message") { store in
            let fenced = FencedStore(store, fence: 3)
            let section = MessageSection(text: "text", event: #"{"a":1}"#)
            let message = OutboxMessage(id: "id", at: 5.5, room: "r", sections: [section, section])
            let (first, second) = try #require(message.halves)
            try await fenced.settle(message, as: .sent)
            try await fenced.settle(message, as: .refused)
            try await fenced.replace(message, by: [first, second])
            _ = try await store.resend(message)
            _ = try await fenced.pending()
            _ = try await fenced.message("id")
            for deliveryState in DeliveryState.allCases {
                try await fenced.forget(deliveryState, olderThan: 30)
                _ = try await store.count(on: deliveryState)
                try await store.forEachMessage(on: deliveryState) { _, _ in }
            }
        },
    ]

    private static let laterRule = Suppression(
        scope: Suppression.Scope(package: Glob("openssl"), account: Glob("1111*")),
        reason: "later",
        expires: 9.5
    )
}

extension Sample {
    /// Findings that no compressor makes small: about 50 bytes each after gzip.
    fileprivate static func incompressible(_ count: Int) -> [Finding] {
        var state: UInt64 = 1
        return (0..<count).map { number in
            let noise = (0..<4).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return String(state ^ (state >> 29), radix: 36)
            }
            return finding("CVE-\(number)-\(noise[0])", package: noise[1] + noise[2] + noise[3])
        }
    }
}
