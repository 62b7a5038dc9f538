import AWSServices
import ChangeFeed
import Domain
import StoreTestSupport
import TestSupport
import Testing

@testable import FindingStore
@testable import Notifications

/// What is told, and who may write it, against DynamoDB as moto has it.
@Suite(.requiresMotoServer, .timeLimit(.minutes(10))) struct LedStoreTests {
    private func note(
        _ name: String,
        _ changes: [FindingChange],
        _ cause: ImageChange.Cause = .changed
    ) -> ChangeRecord {
        ChangeRecord(
            at: 12.5,
            repository: StoreSample.place(name).repository,
            image: ImageChange(
                digest: StoreSample.place(name).digest,
                tags: ["v1"],
                writeToken: 3,
                cause: cause,
                changes: changes,
                openFindings: [.critical: 2]
            )
        )
    }

    private func announcedChange(_ name: String, _ changes: [FindingChange]) -> AnnouncedChange {
        let status = StoreSample.image(name, changes.map(\.finding))
        let image = AnnouncedImage(StoredImage(status: status, fingerprint: Fingerprint.of(status), token: 3))
        return AnnouncedChange(update: .write(image), replaced: nil, note: note(name, changes))
    }

    private func draft(_ text: String, room: String = "r") -> MessageDraft {
        MessageDraft(room: room, sections: [MessageSection(text: text, event: "{\"a\":1}")])
    }

    @Test func `An earlier leader can write nothing any more`() async throws {
        try await LiveStore.with { store in
            let (first, second) = (FencedStore(store, fence: 10), FencedStore(store, fence: 11))
            try await first.lead()
            try await first.write([announcedChange("a", [.opened(StoreSample.finding("CVE-1"))])])
            let messages = try await first.post(OutboxBatch(drafts: [draft("old")]))
            try await second.lead()
            let error = StoreError.superseded(10)
            await #expect(throws: error) { try await first.lead() }
            await #expect(throws: error) { try await first.verifyLeadership() }
            await #expect(throws: error) { try await first.write([announcedChange("b", [])]) }
            await #expect(throws: error) { try await first.put(StreamCheckpoint(streamARN: "x")) }
            await #expect(throws: error) { try await first.post(OutboxBatch(drafts: [draft("stale")])) }
            await #expect(throws: error) { try await first.settle(messages[0], as: .sent) }
            #expect(try await store.announced(at: [StoreSample.place("b")]).isEmpty)
            #expect(try await store.checkpoint() == nil)
            #expect(try await second.pending().map(\.id) == messages.map(\.id))
            try await second.settle(messages[0], as: .sent)
            #expect(try await second.pending().isEmpty)
        }
    }

    @Test func `Notes come back as they were, in order, until messages tell of them`() async throws {
        try await LiveStore.with { store in
            let fenced = FencedStore(store, fence: 1)
            try await fenced.lead()
            let changes: [FindingChange] = [
                .opened(StoreSample.finding("CVE-1")), .severityChanged(StoreSample.finding("CVE-2"), from: .low),
                .fixBecameAvailable(StoreSample.finding("CVE-3")), .resolved(StoreSample.finding("CVE-4")),
            ]
            let announcedChanges = (0..<20).map { announcedChange("image-\($0)", changes) }
            try await fenced.write(announcedChanges)
            let notes = try await fenced.notes(limit: 1000).notes
            #expect(notes.map(\.image) == announcedChanges.compactMap { $0.note?.image })
            #expect(notes.map(\.id) == notes.map(\.id).sorted())
            #expect(notes.allSatisfy { $0.at == 12.5 && $0.repository == StoreSample.place("a").repository })
            for cause in [
                ImageChange.Cause.detected, .removed, .coverageLost(Coverage(.failed, reason: "why", at: 4)),
                .coverageRegained(Coverage(.scanned, at: 5)),
            ] { try await fenced.write([AnnouncedChange(update: .forget, replaced: nil, note: note("x", [], cause))]) }
            let all = try await fenced.notes(limit: 1000).notes
            #expect(
                all.suffix(4).map(\.image.cause.word)
                    == ["detected", "removed", "coverage_lost", "coverage_regained"]
            )
            #expect(all[22].image.cause.coverage == Coverage(.failed, reason: "why", at: 4))

            var outboxBatch = OutboxBatch(drafts: [draft("one"), draft("two", room: "other")])
            outboxBatch.announced = notes[9].id
            outboxBatch.widespread = ["r": ["CVE-1", "CVE-2"]]
            let messages = try await fenced.post(outboxBatch)
            #expect(try await fenced.notes(limit: 1000).notes.map(\.id) == all[10...].map(\.id))
            try await fenced.deleteAnnouncedRecords()
            #expect(try await store.items(in: Key.notes) { _ in 1 }.count == 14)
            #expect(try await store.widespread() == ["r": ["CVE-1", "CVE-2"]])
            #expect(try await fenced.pending().map(\.room) == ["r", "other"])
            #expect(try await fenced.message(messages[0].id) == messages[0])
        }
    }

    @Test func `NotificationContent too large for one item becomes several notes`() async throws {
        try await LiveStore.with { store in
            let fenced = FencedStore(store, fence: 1)
            try await fenced.lead()
            let findings = StoreSample.incompressible(12_000)
            try await fenced.write([announcedChange("a", findings.map(FindingChange.opened))])
            let notes = try await fenced.notes(limit: 100).notes
            #expect(notes.count > 1)
            #expect(Set(notes.flatMap(\.image.changes)) == Set(findings.map(FindingChange.opened)))
        }
    }

    @Test func `What may be announced once is announced once, and what is divided keeps its place`() async throws {
        try await LiveStore.with { store in
            let fenced = FencedStore(store, fence: 1)
            try await fenced.lead()
            #expect(try await fenced.post(OutboxBatch(drafts: [draft("gap")], once: "gap 1")).count == 1)
            #expect(try await fenced.post(OutboxBatch(drafts: [draft("gap")], once: "gap 1")).isEmpty)
            #expect(try await store.wasAnnounced(once: "gap 1"))
            let later = try await fenced.post(OutboxBatch(drafts: [draft("later")]))
            let first = try #require(try await fenced.pending().first)
            var message = try #require(try await fenced.message(first.id))
            message.sections += message.sections
            let (left, right) = try #require(message.halves)
            try await fenced.replace(message, by: [left, right])
            #expect(try await fenced.pending().map(\.id) == [left.id, right.id, later[0].id])
            try await fenced.settle(left, as: .sent)
            try await fenced.settle(right, as: .refused)
            #expect(try await fenced.pending().map(\.id) == [later[0].id])
            var sent: [String] = []
            try await store.forEachMessage(on: .sent) { message, settledAt in
                sent.append(message.id)
                #expect(settledAt != nil)
            }
            #expect(sent == [left.id])
            try await fenced.forget(.sent, olderThan: -10)
            #expect(try await store.count(on: .sent) == 0)

            #expect(try await store.count(on: .refused) == 1)
            #expect(try await store.resend(right))
            #expect(try await !store.resend(right), "it is not there any more")
            #expect(try await fenced.pending().map(\.id) == [right.id, later[0].id])
            #expect(try await fenced.message(right.id) == right)
        }
    }

    @Test func `Notes are read as far as their changes fit`() async throws {
        try await LiveStore.with { store in
            let fenced = FencedStore(store, fence: 1)
            try await fenced.lead()
            let changes = (0..<3).map { FindingChange.opened(StoreSample.finding("CVE-\($0)")) }
            try await fenced.write((0..<5).map { announcedChange("image-\($0)", changes) })
            let some = try await fenced.notes(limit: 1000, changes: 7)
            #expect(some.notes.count == 3)
            #expect(!some.isLast)
            #expect(try await fenced.notes(limit: 5, changes: 15).isLast)
            #expect(try await fenced.notes(limit: 4).isLast == false)
        }
    }

    @Test func `What was announced of places and by which rules comes back as it was`() async throws {
        try await LiveStore.with { store in
            let fenced = FencedStore(store, fence: 1)
            try await fenced.lead()
            #expect(try await store.ruleMemory() == nil)
            let scope = Suppression.Scope(vulnerability: Glob("CVE-*"), repository: Glob("team/?"))
            let rule = Suppression(scope: scope, reason: "why", expires: 9.5)
            let first = RuleHistory(threshold: .critical, suppressions: Suppressions([rule]))
            let second = first.followed(by: .high, Suppressions(), at: 7)
            let place = StoreSample.place("a").repository
            let announced = AnnouncedObstacles(
                account: place.registry.account,
                obstacles: [
                    .account(place.registry.account): Coverage(.accessDenied, reason: "no role"),
                    .registry(place.registry): Coverage(.regionOff), .repository(place): Coverage(.failed),
                ]
            )
            for memory in [first, second] {
                var outboxBatch = OutboxBatch()
                outboxBatch.rules = memory
                outboxBatch.obstacles = [announced]
                #expect(try await fenced.post(outboxBatch).isEmpty)
                #expect(try await store.ruleMemory() == memory)
            }
            #expect(try await store.announcedObstacles() == [announced])
        }
    }

    @Test func `OutboxBatch more than a transaction holds is refused whole`() async throws {
        try await LiveStore.with { store in
            let fenced = FencedStore(store, fence: 1)
            try await fenced.lead()
            let drafts = (0..<99).map { draft("\($0)") }
            await #expect(throws: StoreError.tooLarge(99)) { try await fenced.post(OutboxBatch(drafts: drafts)) }
            #expect(try await fenced.pending().isEmpty)
        }
    }

    @Test func `What was announced, and where the stream was left, comes back as it was`() async throws {
        try await LiveStore.with { store in
            let fenced = FencedStore(store, fence: 7)
            try await fenced.lead()
            let status = StoreSample.image("a", StoreSample.incompressible(12_000))
            var announced = AnnouncedImage(StoredImage(status: status, fingerprint: Fingerprint.of(status), token: 4))
            announced.coverage = Coverage(.failed, reason: "why")
            let small = AnnouncedImage(StoredImage(status: StoreSample.image("b"), fingerprint: "f", token: 5))
            try await fenced.write([AnnouncedChange(update: .write(announced), replaced: nil, note: nil)])
            try await fenced.announce([small])
            let found = try await store.announced(at: [announced.place, small.place, StoreSample.place("c")])
            var large = try #require(found[announced.place])
            #expect(large.parts > 0)
            let replaced = large
            large.parts = 0
            #expect(large == announced)
            #expect(found[small.place] == small)
            #expect(found.count == 2)
            announced.findings = []
            announced.fingerprint = "other"
            try await fenced.write([AnnouncedChange(update: .write(announced), replaced: replaced, note: nil)])
            var images: [AnnouncedImage] = []
            for try await image in store.announced(in: StoreSample.registry) { images.append(image) }
            #expect(images == [announced, small])
            try await fenced.write([AnnouncedChange(update: .forget, replaced: announced, note: nil)])
            #expect(try await store.announced(at: [announced.place]).isEmpty)
            #expect(try await store.items(in: Key.announcedPartition(StoreSample.registry)) { _ in 1 }.count == 1)
            #expect(try await store.images(in: StoreSample.repository("team/app")).isEmpty)

            let marker = BaselineMarker(account: StoreSample.registry.account, regions: [StoreSample.registry.region])
            var outboxBatch = OutboxBatch()
            outboxBatch.marker = marker
            #expect(try await fenced.post(outboxBatch).isEmpty)
            #expect(try await store.baselines() == [marker])
            #expect(try await store.checkpoint() == nil)
            let checkpoint = StreamCheckpoint(
                streamARN: "arn",
                shards: ["a": .beginning, "b": .after("0012"), "c": .finished]
            )
            try await fenced.put(checkpoint)
            #expect(try await store.checkpoint() == checkpoint)
            #expect(try await store.checkpoint()?.savedAt != nil)
        }
    }
}
