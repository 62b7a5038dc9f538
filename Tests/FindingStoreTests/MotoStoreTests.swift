import AWSCore
import AWSServices
import Domain
import TestSupport
import Testing

@testable import FindingStore

@Suite(.requiresMotoServer, .serialized, .timeLimit(.minutes(10))) struct MotoStoreTests {
    @Test func `The table is made once, and a missing one is said to be missing`() async throws {
        try await LiveStore.with(table: false) { store in
            let missing = await #expect(throws: AWSServiceError.self) { try await store.verifyTable() }
            #expect(missing?.code.rawValue == "ResourceNotFoundException")
            try await store.createTable()
            try await store.createTable()
            let table = try await store.verifyTable()
            #expect(table.status == "ACTIVE")
            #expect(table.streamARN.contains("scanfleet-test"))
        }
    }

    @Test func `An image is written when it changed, and never by an older run`() async throws {
        try await LiveStore.with { store in
            let app = Sample.repository("team/app")
            let first = Sample.image("a", [Sample.finding("CVE-1"), Sample.finding("CVE-2", .critical)])
            #expect(try await store.put(first, over: nil, token: 5) == .written)
            let stored = try #require(try await store.images(in: app).first)
            #expect(stored == StoredImage(judged: first, fingerprint: Fingerprint.of(first), token: 5))
            #expect(try await store.put(first, over: stored, token: 6) == .unchanged)
            let second = Sample.image("a", [], coverage: Coverage(.failed, reason: "why"), tags: [])
            #expect(try await store.put(second, over: stored, token: 4) == .stale)
            #expect(
                try await store.put(second, over: nil, token: 4) == .stale,
                "the condition, not the caller, decides"
            )
            #expect(try await store.put(second, over: nil, token: 6) == .stale, "it was not there when that run looked")
            #expect(try await store.put(second, over: stored, token: 5) == .written)
            #expect(try await store.remove(stored, token: 6) == .stale, "it was written since")
            #expect(try await store.images(in: app).map(\.judged) == [second])
            let now = try #require(try await store.images(in: app).first)
            #expect(try await store.remove(now, token: 4) == .stale)
            #expect(try await store.remove(now, token: 5) == .written)
            #expect(try await store.remove(now, token: 5) == .written, "that it is gone is no error")
            #expect(try await store.images(in: app).isEmpty)
        }
    }

    @Test func `Findings beyond an item's limit are split, and nothing of them stays behind`() async throws {
        try await LiveStore.with { store in
            let app = Sample.repository("team/app")
            let large = Sample.image("a", Sample.incompressible(24_000))
            #expect(try await store.put(large, over: nil, token: 1) == .written)
            let stored = try #require(try await store.images(in: app).first)
            #expect(stored.parts >= 2)
            #expect(stored.judged == large)
            #expect(try await store.images(at: [large.image.place])[large.image.place]?.judged == large)
            var fingerprints: [ImagePlace: String] = [:]
            try await store.fingerprints(in: Sample.registry) { fingerprints[$0] = $1 }
            #expect(fingerprints == [large.image.place: stored.fingerprint], "parts are no images")
            let other = Sample.image("a", Sample.incompressible(24_000, seed: 9))
            #expect(try await store.put(other, over: stored, token: 2) == .written)
            let replaced = try #require(try await store.images(in: app).first)
            #expect(replaced.judged == other)
            #expect(try await items(store) == 1 + replaced.parts)
            let third = Sample.image("a", Sample.incompressible(24_000, seed: 5))
            #expect(try await store.put(third, over: stored, token: 3) == .stale)
            #expect(try await items(store) == 1 + replaced.parts, "a refused write leaves nothing")
            #expect(try await store.put(Sample.image("a"), over: replaced, token: 3) == .written)
            #expect(try await items(store) == 1)
        }
    }

    @Test func `An image of which a part is lost is a gap until it is written anew, and keeps nobody from the others`()
        async throws
    {
        try await LiveStore.with { store in
            let app = Sample.repository("team/app")
            let large = Sample.image("a", Sample.incompressible(24_000))
            let small = Sample.image("b", [Sample.finding("CVE-1")])
            for image in [large, small] { _ = try await store.put(image, over: nil, token: 1) }
            let whole = try #require(try await store.images(in: app).first)
            let record = ImageRecord(large, fingerprint: whole.fingerprint, token: 1)
            try await store.client.write([.delete(record.partKeys(1)[0].item)])
            let torn = try #require(try await store.images(in: app).first)
            #expect(torn.isTorn && torn.judged.coverage.state == .failed && torn.judged.findings.isEmpty)
            #expect(torn.fingerprintAsRead.count == 64 && torn.fingerprintAsRead != whole.fingerprintAsRead)
            #expect(whole.fingerprintAsRead == whole.fingerprint)
            #expect(try await store.images(in: app).last?.judged == small)
            #expect(try await store.put(large, over: torn, token: 2) == .written)
            #expect(try await store.images(in: app).map(\.judged) == [large, small])
            #expect(try await items(store) == 2 + whole.parts)
        }
    }

    private func items(_ store: FindingStore) async throws -> Int {
        try await store.items(in: Key.imagePartition(Sample.registry)) { _ in 1 }.count
    }

    @Test func `Listings are whole, and a repository's end where the next begins`() async throws {
        try await LiveStore.with { store in
            // More than a page of 1 MB: some with parts, so that pages end between an item and its parts.
            for name in ["team/app", "team/app-b", "team/ap", "a"] {
                for number in 0..<4 {
                    let findings = Sample.incompressible(number == 2 ? 12_000 : 4_000, seed: UInt64(number))
                    let image = Sample.image("\(number)", findings, in: Sample.repository(name))
                    #expect(try await store.put(image, over: nil, token: 1) == .written)
                }
            }
            #expect(try await store.images(in: Sample.repository("team/app")).count == 4)
            #expect(try await store.images(in: Sample.repository("team/missing")).isEmpty)
            var names: [String] = []
            var findings = 0
            for try await image in store.images(in: Sample.registry) {
                names.append(image.place.repository.name.rawValue)
                findings += image.judged.findings.count
            }
            #expect(names.count == 16)
            #expect(findings == 4 * 24_000)
            let changes = zip(names, names.dropFirst()).count { $0 != $1 }
            #expect(changes == 3, "the images of a repository follow each other")
        }
    }

    @Test func `Places and vulnerabilities come back as they were`() async throws {
        try await LiveStore.with { store in
            var account = JudgedAccount(
                account: Account(id: Sample.registry.account, name: "production", state: .suspended),
                obstacle: Coverage(.accountInactive, reason: "suspended", at: 1.5)
            )
            try await store.put(account)
            #expect(try await store.accounts() == [account])
            account.account.organizationalUnit = "/Prod/Payments"
            try await store.put(account)
            #expect(try await store.accounts() == [account])
            let registry = JudgedRegistry(registry: Sample.registry, obstacle: nil, scanType: "ENHANCED")
            try await store.put(registry)
            #expect(try await store.registries() == [registry])
            let place = Sample.repository("team/app")
            func record(
                _ sight: RepositorySight,
                _ kind: SweepKind = .collect,
                token: Int?
            ) async throws -> WriteOutcome {
                try await store.record(sight, of: place, by: kind, token: token)
            }
            let denied = Coverage(.accessDenied, reason: "no")
            #expect(try await record(.listed(beyondLimit: 3, outOfScope: 1), token: 2) == .written)
            #expect(try await record(.listed(beyondLimit: 3, outOfScope: 1), token: 3) == .unchanged)
            #expect(try await record(.refused(denied), token: 1) == .stale)
            #expect(try await record(.refused(denied), token: 3) == .written)
            // A job of the other kind is fenced by its own, and leaves what this kind saw.
            #expect(try await record(.refused(denied), .scan, token: 1) == .written)
            var repository = JudgedRepository(
                place: place,
                obstacle: denied,
                scanObstacle: denied,
                imagesBeyondLimit: 3,
                imagesOutOfScope: 1
            )
            #expect(try await store.repositories(in: Sample.registry) == [repository])
            #expect(try await record(.listed(beyondLimit: 4, outOfScope: 1), token: 3) == .written)
            repository.obstacle = nil
            repository.imagesBeyondLimit = 4
            #expect(try await store.repositories(in: Sample.registry) == [repository])
            #expect(try await record(.leftToOthers, .scan, token: nil) == .written)
            #expect(try await record(.leftToOthers, .scan, token: nil) == .unchanged)
            repository.scanObstacle = nil
            #expect(try await store.repositories(in: Sample.registry) == [repository])
            #expect(try await record(.refused(Coverage(.outOfScope)), token: nil) == .written)
            #expect(try await record(.refused(denied), token: 2) == .stale, "discovery takes no lease from anybody")
            #expect(try await store.remove(place, token: 2) == .stale)
            #expect(try await store.remove(place, token: 3) == .written)
            #expect(try await store.repositories(in: Sample.registry).isEmpty)
            let full = Vulnerability(
                id: "CVE-1",
                severity: .high,
                title: "T",
                description: "D",
                link: "https://example.com",
                attributes: [.init(key: "CVSS3_SCORE", value: "9.8"), .init(key: "CVSS3_SCORE", value: "")],
                firstSeen: 86_400
            )
            let bare = Vulnerability(id: "CVE-2", severity: .untriaged, firstSeen: 86_400)
            try await store.record([full, bare])
            try await store.record([
                Vulnerability(id: "CVE-1", severity: .low), Vulnerability(id: "CVE-3", severity: .low),
            ])
            #expect(try await store.vulnerability("CVE-1") == full)
            #expect(try await store.vulnerability("CVE-9") == nil)
            let dated = try await store.vulnerability("CVE-3")?.firstSeen
            #expect((dated ?? 0) > 1_700_000_000, "without a time of its own, it was first seen now")
            let many = (0..<150).map { Vulnerability(id: "GHSA-\($0)", severity: .low, firstSeen: 1) }
            try await store.record(many)
            let ids = many.map(\.id) + ["CVE-1", "CVE-2", "CVE-9"]
            #expect(Set(try await store.vulnerabilities(ids)) == Set(many + [full, bare]))
        }
    }

    @Test func `What was told, and where the stream was left, comes back as it was`() async throws {
        try await LiveStore.with { store in
            let led = LedStore(store, fence: 7)
            try await led.lead()
            let judged = Sample.image("a", Sample.incompressible(12_000))
            var told = AnnouncedImage(StoredImage(judged: judged, fingerprint: Fingerprint.of(judged), token: 4))
            told.coverage = Coverage(.failed, reason: "why")
            let small = AnnouncedImage(StoredImage(judged: Sample.image("b"), fingerprint: "f", token: 5))
            try await led.write([Telling(update: .write(told), replaced: nil, note: nil)])
            try await led.announce([small])
            let found = try await store.announced(at: [told.place, small.place, Sample.place("c")])
            var large = try #require(found[told.place])
            #expect(large.parts > 0)
            let replaced = large
            large.parts = 0
            #expect(large == told)
            #expect(found[small.place] == small)
            #expect(found.count == 2)
            told.findings = []
            told.fingerprint = "other"
            try await led.write([Telling(update: .write(told), replaced: replaced, note: nil)])
            var images: [AnnouncedImage] = []
            for try await image in store.announced(in: Sample.registry) { images.append(image) }
            #expect(images == [told, small])
            try await led.write([Telling(update: .forget, replaced: told, note: nil)])
            #expect(try await store.announced(at: [told.place]).isEmpty)
            #expect(try await store.items(in: Key.announcedPartition(Sample.registry)) { _ in 1 }.count == 1)
            #expect(try await store.images(in: Sample.repository("team/app")).isEmpty)

            let marker = BaselineMarker(account: Sample.registry.account, regions: [Sample.registry.region])
            var posting = Posting()
            posting.marker = marker
            #expect(try await led.post(posting).isEmpty)
            #expect(try await store.baselines() == [marker])
            #expect(try await store.checkpoint() == nil)
            let checkpoint = StreamCheckpoint(
                streamARN: "arn",
                shards: ["a": .beginning, "b": .after("0012"), "c": .finished]
            )
            try await led.put(checkpoint)
            #expect(try await store.checkpoint() == checkpoint)
            #expect(try await store.checkpoint()?.savedAt != nil)
        }
    }

    @Test func `The stream tells of images and of nothing else`() async throws {
        try await LiveStore.with { store in
            let stream = ChangeStream(store: store)
            await stream.resume(from: nil)
            #expect(try await stream.next().images.isEmpty)
            let large = Sample.image("large", Sample.incompressible(12_000))
            _ = try await store.put(large, over: nil, token: 1)
            _ = try await store.put(Sample.image("small"), over: nil, token: 1)
            try await store.record([Vulnerability(id: "CVE-1", severity: .low)])
            try await store.put(JudgedRegistry(registry: Sample.registry))
            let led = LedStore(store, fence: 1)
            try await led.lead()
            try await led.announce([AnnouncedImage(StoredImage(judged: large, fingerprint: "f", token: 1))])
            let round = try await stream.next()
            #expect(Set(round.images) == [Sample.place("large"), Sample.place("small")])
            #expect(round.records > 4)
            try await led.put(round.checkpoint)
            let small = try #require(try await store.images(at: [Sample.place("small")])[Sample.place("small")])
            _ = try await store.remove(small, token: 1)
            let restarted = ChangeStream(store: store)
            await restarted.resume(from: try await store.checkpoint())
            let rest = try await restarted.next()
            #expect(rest.images == [Sample.place("small")])
            #expect(rest.gap == nil)
            #expect(try await restarted.next().isCaughtUp)
        }
    }
}
