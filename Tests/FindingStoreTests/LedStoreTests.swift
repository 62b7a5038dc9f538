import AWSServices
import Domain
import TestSupport
import Testing

@testable import FindingStore

/// What is told, and who may write it, against DynamoDB as moto has it.
@Suite(.requiresMotoServer, .timeLimit(.minutes(10))) struct LedStoreTests {
    private func note(
        _ name: String,
        _ changes: [FindingChange],
        _ occasion: ImageNews.Occasion = .changed
    ) -> ChangeNote {
        ChangeNote(
            at: 12.5,
            repository: Sample.place(name).repository,
            image: ImageNews(
                digest: Sample.place(name).digest,
                tags: ["v1"],
                revision: 3,
                occasion: occasion,
                changes: changes,
                standing: [.critical: 2]
            )
        )
    }

    private func telling(_ name: String, _ changes: [FindingChange]) -> Telling {
        let judged = Sample.image(name, changes.map(\.finding))
        let image = AnnouncedImage(StoredImage(judged: judged, fingerprint: Fingerprint.of(judged), token: 3))
        return Telling(update: .write(image), replaced: nil, note: note(name, changes))
    }

    private func draft(_ text: String, room: String = "r") -> MessageDraft {
        MessageDraft(room: room, sections: [MessageSection(text: text, event: "{\"a\":1}")])
    }

    @Test func `What a newer leader wrote of places and sweeps, an earlier one cannot overwrite`() async throws {
        try await LiveStore.with { store async throws in
            let obstacle = Coverage(.accessDenied, reason: "old")
            let account = Account(id: Sample.registry.account, name: "a", state: Account.State(rawValue: "ACTIVE"))
            var record = SweepRecord(
                id: SweepID(rawValue: "s"),
                accounts: 1,
                registries: 1,
                repositories: 1,
                refusedPlaces: 0
            )
            #expect(try await store.put(JudgedAccount(account: account), fence: 11) == .written)
            #expect(try await store.put(JudgedRegistry(registry: Sample.registry), fence: 11) == .written)
            #expect(try await store.put(record, fence: 11) == .written)
            for fence in [0, 10] {
                let (stale, late) = (
                    JudgedAccount(account: account, obstacle: obstacle),
                    JudgedRegistry(registry: Sample.registry, obstacle: obstacle)
                )
                record.refusedPlaces = 5
                #expect(try await store.put(stale, fence: fence) == .stale)
                #expect(try await store.put(late, fence: fence) == .stale)
                #expect(try await store.put(record, fence: fence) == .stale)
            }
            #expect(try await store.accounts().map(\.obstacle) == [nil])
            #expect(try await store.registries().map(\.obstacle) == [nil])
            #expect(try await store.sweeps([record.id])[record.id]?.refusedPlaces == 0)
            record.refusedPlaces = 6
            #expect(try await store.put(record, fence: 11) == .written)
        }
    }

    @Test func `An earlier leader can write nothing any more`() async throws {
        try await LiveStore.with { store in
            let (first, second) = (LedStore(store, fence: 10), LedStore(store, fence: 11))
            try await first.lead()
            try await first.write([telling("a", [.opened(Sample.finding("CVE-1"))])])
            let messages = try await first.post(Posting(drafts: [draft("old")]))
            try await second.lead()
            let error = StoreError.led(10)
            await #expect(throws: error) { try await first.lead() }
            await #expect(throws: error) { try await first.verifyLead() }
            await #expect(throws: error) { try await first.write([telling("b", [])]) }
            await #expect(throws: error) { try await first.put(StreamCheckpoint(streamARN: "x")) }
            await #expect(throws: error) { try await first.post(Posting(drafts: [draft("stale")])) }
            await #expect(throws: error) { try await first.settle(messages[0], as: .sent) }
            #expect(try await store.announced(at: [Sample.place("b")]).isEmpty)
            #expect(try await store.checkpoint() == nil)
            #expect(try await second.pending().map(\.id) == messages.map(\.id))
            try await second.settle(messages[0], as: .sent)
            #expect(try await second.pending().isEmpty)
        }
    }

    @Test func `Notes come back as they were, in order, until messages tell of them`() async throws {
        try await LiveStore.with { store in
            let led = LedStore(store, fence: 1)
            try await led.lead()
            let changes: [FindingChange] = [
                .opened(Sample.finding("CVE-1")), .severityChanged(Sample.finding("CVE-2"), from: .low),
                .fixBecameAvailable(Sample.finding("CVE-3")), .resolved(Sample.finding("CVE-4")),
            ]
            let tellings = (0..<20).map { telling("image-\($0)", changes) }
            try await led.write(tellings)
            let notes = try await led.notes(limit: 1000).notes
            #expect(notes.map(\.image) == tellings.compactMap { $0.note?.image })
            #expect(notes.map(\.id) == notes.map(\.id).sorted())
            #expect(notes.allSatisfy { $0.at == 12.5 && $0.repository == Sample.place("a").repository })
            for occasion in [
                ImageNews.Occasion.detected, .removed, .coverageLost(Coverage(.failed, reason: "why", at: 4)),
                .coverageRegained(Coverage(.scanned, at: 5)),
            ] { try await led.write([Telling(update: .forget, replaced: nil, note: note("x", [], occasion))]) }
            let all = try await led.notes(limit: 1000).notes
            #expect(
                all.suffix(4).map(\.image.occasion.word)
                    == ["detected", "removed", "coverage_lost", "coverage_regained"]
            )
            #expect(all[22].image.occasion.coverage == Coverage(.failed, reason: "why", at: 4))

            var posting = Posting(drafts: [draft("one"), draft("two", room: "other")])
            posting.told = notes[9].id
            posting.spreads = ["r": ["CVE-1", "CVE-2"]]
            let messages = try await led.post(posting)
            #expect(try await led.notes(limit: 1000).notes.map(\.id) == all[10...].map(\.id))
            try await led.dropToldNotes()
            #expect(try await store.items(in: Key.notes) { _ in 1 }.count == 14)
            #expect(try await store.spreads() == ["r": ["CVE-1", "CVE-2"]])
            #expect(try await led.pending().map(\.room) == ["r", "other"])
            #expect(try await led.message(messages[0].id) == messages[0])
        }
    }

    @Test func `News too large for one item becomes several notes`() async throws {
        try await LiveStore.with { store in
            let led = LedStore(store, fence: 1)
            try await led.lead()
            let findings = Sample.incompressible(12_000)
            try await led.write([telling("a", findings.map(FindingChange.opened))])
            let notes = try await led.notes(limit: 100).notes
            #expect(notes.count > 1)
            #expect(Set(notes.flatMap(\.image.changes)) == Set(findings.map(FindingChange.opened)))
        }
    }

    @Test func `What may be told once is told once, and what is divided keeps its place`() async throws {
        try await LiveStore.with { store in
            let led = LedStore(store, fence: 1)
            try await led.lead()
            #expect(try await led.post(Posting(drafts: [draft("gap")], once: "gap 1")).count == 1)
            #expect(try await led.post(Posting(drafts: [draft("gap")], once: "gap 1")).isEmpty)
            #expect(try await store.wasTold(once: "gap 1"))
            let later = try await led.post(Posting(drafts: [draft("later")]))
            let first = try #require(try await led.pending().first)
            var message = try #require(try await led.message(first.id))
            message.sections += message.sections
            let (left, right) = try #require(message.halves)
            try await led.replace(message, by: [left, right])
            #expect(try await led.pending().map(\.id) == [left.id, right.id, later[0].id])
            try await led.settle(left, as: .sent)
            try await led.settle(right, as: .refused)
            #expect(try await led.pending().map(\.id) == [later[0].id])
            var sent: [String] = []
            try await store.forEachMessage(on: .sent) { message, settledAt in
                sent.append(message.id)
                #expect(settledAt != nil)
            }
            #expect(sent == [left.id])
            try await led.forget(.sent, olderThan: -10)
            #expect(try await store.count(on: .sent) == 0)

            #expect(try await store.count(on: .refused) == 1)
            #expect(try await store.resend(right))
            #expect(try await !store.resend(right), "it is not there any more")
            #expect(try await led.pending().map(\.id) == [right.id, later[0].id])
            #expect(try await led.message(right.id) == right)
        }
    }

    @Test func `Notes are read as far as their changes fit`() async throws {
        try await LiveStore.with { store in
            let led = LedStore(store, fence: 1)
            try await led.lead()
            let changes = (0..<3).map { FindingChange.opened(Sample.finding("CVE-\($0)")) }
            try await led.write((0..<5).map { telling("image-\($0)", changes) })
            let some = try await led.notes(limit: 1000, changes: 7)
            #expect(some.notes.count == 3)
            #expect(!some.isLast)
            #expect(try await led.notes(limit: 5, changes: 15).isLast)
            #expect(try await led.notes(limit: 4).isLast == false)
        }
    }

    @Test func `What was told of places and by which rules comes back as it was`() async throws {
        try await LiveStore.with { store in
            let led = LedStore(store, fence: 1)
            try await led.lead()
            #expect(try await store.ruleMemory() == nil)
            let scope = Suppression.Scope(vulnerability: Glob("CVE-*"), repository: Glob("team/?"))
            let rule = Suppression(scope: scope, reason: "why", expires: 9.5)
            let first = RuleMemory(threshold: .critical, suppressions: Suppressions([rule]))
            let second = first.followed(by: .high, Suppressions(), at: 7)
            let place = Sample.place("a").repository
            let told = ToldObstacles(
                account: place.registry.account,
                obstacles: [
                    .account(place.registry.account): Coverage(.accessDenied, reason: "no role"),
                    .registry(place.registry): Coverage(.regionOff), .repository(place): Coverage(.failed),
                ]
            )
            for memory in [first, second] {
                var posting = Posting()
                posting.rules = memory
                posting.obstacles = [told]
                #expect(try await led.post(posting).isEmpty)
                #expect(try await store.ruleMemory() == memory)
            }
            #expect(try await store.toldObstacles() == [told])
        }
    }

    @Test func `Posting more than a transaction holds is refused whole`() async throws {
        try await LiveStore.with { store in
            let led = LedStore(store, fence: 1)
            try await led.lead()
            let drafts = (0..<99).map { draft("\($0)") }
            await #expect(throws: StoreError.tooLarge(99)) { try await led.post(Posting(drafts: drafts)) }
            #expect(try await led.pending().isEmpty)
        }
    }

    @Test func `Groups are put together as far as a transaction holds, and never divided`() {
        let group = [note("a", []), note("b", [])].map { note in
            DynamoDB.WriteRequest.put(Key.note(note.image.digest.rawValue).item)
        }
        let batches = Array(TransactionBatches(Array(repeating: group, count: 120)))
        #expect(batches.map(\.count) == [98, 98, 44])
        let large = DynamoDB.WriteRequest.put([
            "PK": .s("p"), "SK": .s("s"), "b": .b(Array(repeating: 1, count: 1_400_000)),
        ])
        #expect(TransactionBatches(Array(repeating: [large], count: 5)).map(\.count) == [2, 2, 1])
        #expect(TransactionBatches([[], group, []]).map(\.count) == [2])
    }
}
