import AWSCore
import AWSServices
import Domain
import StoreTestSupport
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
            let app = StoreSample.repository("team/app")
            let first = StoreSample.image("a", [StoreSample.finding("CVE-1"), StoreSample.finding("CVE-2", .critical)])
            #expect(try await store.put(first, over: nil, token: 5) == .written)
            let stored = try #require(try await store.images(in: app).first)
            #expect(stored == StoredImage(status: first, fingerprint: Fingerprint.of(first), token: 5))
            #expect(try await store.put(first, over: stored, token: 6) == .unchanged)
            let second = StoreSample.image("a", [], coverage: Coverage(.failed, reason: "why"), tags: [])
            #expect(try await store.put(second, over: stored, token: 4) == .stale)
            #expect(
                try await store.put(second, over: nil, token: 4) == .stale,
                "the condition, not the caller, decides"
            )
            #expect(try await store.put(second, over: nil, token: 6) == .stale, "it was not there when that run looked")
            #expect(try await store.put(second, over: stored, token: 5) == .written)
            #expect(try await store.remove(stored, token: 6) == .stale, "it was written since")
            #expect(try await store.images(in: app).map(\.status) == [second])
            let now = try #require(try await store.images(in: app).first)
            #expect(try await store.remove(now, token: 4) == .stale)
            #expect(try await store.remove(now, token: 5) == .written)
            #expect(try await store.remove(now, token: 5) == .written, "that it is gone is no error")
            #expect(try await store.images(in: app).isEmpty)
        }
    }

    @Test func `Findings beyond an item's limit are split, and nothing of them stays behind`() async throws {
        try await LiveStore.with { store in
            let app = StoreSample.repository("team/app")
            let large = StoreSample.image("a", StoreSample.incompressible(24_000))
            #expect(try await store.put(large, over: nil, token: 1) == .written)
            let stored = try #require(try await store.images(in: app).first)
            #expect(stored.parts >= 2)
            #expect(stored.status == large)
            #expect(try await store.images(at: [large.image.place])[large.image.place]?.status == large)
            var fingerprints: [ImageReference: String] = [:]
            try await store.fingerprints(in: StoreSample.registry) { fingerprints[$0] = $1 }
            #expect(fingerprints == [large.image.place: stored.fingerprint], "parts are no images")
            let other = StoreSample.image("a", StoreSample.incompressible(24_000, seed: 9))
            #expect(try await store.put(other, over: stored, token: 2) == .written)
            let replaced = try #require(try await store.images(in: app).first)
            #expect(replaced.status == other)
            #expect(try await items(store) == 1 + replaced.parts)
            let third = StoreSample.image("a", StoreSample.incompressible(24_000, seed: 5))
            #expect(try await store.put(third, over: stored, token: 3) == .stale)
            #expect(try await items(store) == 1 + replaced.parts, "a refused write leaves nothing")
            #expect(try await store.put(StoreSample.image("a"), over: replaced, token: 3) == .written)
            #expect(try await items(store) == 1)
        }
    }

    @Test func `An image of which a part is lost is a gap until it is written anew, and keeps nobody from the others`()
        async throws
    {
        try await LiveStore.with { store in
            let app = StoreSample.repository("team/app")
            let large = StoreSample.image("a", StoreSample.incompressible(24_000))
            let small = StoreSample.image("b", [StoreSample.finding("CVE-1")])
            for image in [large, small] { _ = try await store.put(image, over: nil, token: 1) }
            let mainKey = try #require(try await store.images(in: app).first)
            let record = ImageRecord(large, fingerprint: mainKey.fingerprint, token: 1)
            try await store.client.write([.delete(record.partKeys(1)[0].item)])
            let incomplete = try #require(try await store.images(in: app).first)
            #expect(
                incomplete.isIncomplete && incomplete.status.coverage.state == .failed
                    && incomplete.status.findings.isEmpty
            )
            #expect(
                incomplete.fingerprintAsRead.count == 64 && incomplete.fingerprintAsRead != mainKey.fingerprintAsRead
            )
            #expect(mainKey.fingerprintAsRead == mainKey.fingerprint)
            #expect(try await store.images(in: app).last?.status == small)
            #expect(try await store.put(large, over: incomplete, token: 2) == .written)
            #expect(try await store.images(in: app).map(\.status) == [large, small])
            #expect(try await items(store) == 2 + mainKey.parts)
        }
    }

    private func items(_ store: FindingStore) async throws -> Int {
        try await store.items(in: Key.imagePartition(StoreSample.registry)) { _ in 1 }.count
    }

    @Test func `Listings are mainKey, and a repository's end where the next begins`() async throws {
        try await LiveStore.with { store in
            // More than a page of 1 MB: some with parts, so that pages end between an item and its parts.
            for name in ["team/app", "team/app-b", "team/ap", "a"] {
                for number in 0..<4 {
                    let findings = StoreSample.incompressible(number == 2 ? 12_000 : 4_000, seed: UInt64(number))
                    let image = StoreSample.image("\(number)", findings, in: StoreSample.repository(name))
                    #expect(try await store.put(image, over: nil, token: 1) == .written)
                }
            }
            #expect(try await store.images(in: StoreSample.repository("team/app")).count == 4)
            #expect(try await store.images(in: StoreSample.repository("team/missing")).isEmpty)
            var names: [String] = []
            var findings = 0
            for try await image in store.images(in: StoreSample.registry) {
                names.append(image.place.repository.name.rawValue)
                findings += image.status.findings.count
            }
            #expect(names.count == 16)
            #expect(findings == 4 * 24_000)
            let changes = zip(names, names.dropFirst()).count { $0 != $1 }
            #expect(changes == 3, "the images of a repository follow each other")
        }
    }

    @Test func `Places and vulnerabilities come back as they were`() async throws {
        try await LiveStore.with { store in
            var account = AccountStatus(
                account: Account(id: StoreSample.registry.account, name: "production", state: .suspended),
                obstacle: Coverage(.accountInactive, reason: "suspended", at: 1.5)
            )
            try await store.put(account)
            #expect(try await store.accounts() == [account])
            account.account.organizationalUnit = "/Prod/Payments"
            try await store.put(account)
            #expect(try await store.accounts() == [account])
            let registry = RegistryStatus(registry: StoreSample.registry, obstacle: nil, scanType: "ENHANCED")
            try await store.put(registry)
            #expect(try await store.registries() == [registry])
            let place = StoreSample.repository("team/app")
            func record(
                _ observation: RepositoryObservation,
                _ kind: SweepKind = .collect,
                token: Int?
            ) async throws -> WriteOutcome {
                try await store.record(observation, of: place, by: kind, token: token)
            }
            let denied = Coverage(.accessDenied, reason: "no")
            #expect(try await record(.listed(beyondLimit: 3, outOfScope: 1), token: 2) == .written)
            #expect(try await record(.listed(beyondLimit: 3, outOfScope: 1), token: 3) == .unchanged)
            #expect(try await record(.refused(denied), token: 1) == .stale)
            #expect(try await record(.refused(denied), token: 3) == .written)
            // A job of the other kind is fenced by its own, and leaves what this kind saw.
            #expect(try await record(.refused(denied), .scan, token: 1) == .written)
            var repository = RepositoryStatus(
                place: place,
                obstacle: denied,
                scanObstacle: denied,
                imagesBeyondLimit: 3,
                imagesOutOfScope: 1
            )
            #expect(try await store.repositories(in: StoreSample.registry) == [repository])
            #expect(try await record(.listed(beyondLimit: 4, outOfScope: 1), token: 3) == .written)
            repository.obstacle = nil
            repository.imagesBeyondLimit = 4
            #expect(try await store.repositories(in: StoreSample.registry) == [repository])
            #expect(try await record(.leftToOthers, .scan, token: nil) == .written)
            #expect(try await record(.leftToOthers, .scan, token: nil) == .unchanged)
            repository.scanObstacle = nil
            #expect(try await store.repositories(in: StoreSample.registry) == [repository])
            #expect(try await record(.refused(Coverage(.outOfScope)), token: nil) == .written)
            #expect(try await record(.refused(denied), token: 2) == .stale, "discovery takes no lease from anybody")
            #expect(try await store.remove(place, token: 2) == .stale)
            #expect(try await store.remove(place, token: 3) == .written)
            #expect(try await store.repositories(in: StoreSample.registry).isEmpty)
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

    @Test func `What a newer leader wrote of places and sweeps, an earlier one cannot overwrite`() async throws {
        try await LiveStore.with { store async throws in
            let obstacle = Coverage(.accessDenied, reason: "old")
            let account = Account(id: StoreSample.registry.account, name: "a", state: Account.State(rawValue: "ACTIVE"))
            var record = SweepRecord(
                id: SweepID(rawValue: "s"),
                accounts: 1,
                registries: 1,
                repositories: 1,
                refusedPlaces: 0
            )
            #expect(try await store.put(AccountStatus(account: account), fence: 11) == .written)
            #expect(try await store.put(RegistryStatus(registry: StoreSample.registry), fence: 11) == .written)
            #expect(try await store.put(record, fence: 11) == .written)
            for fence in [0, 10] {
                let (stale, late) = (
                    AccountStatus(account: account, obstacle: obstacle),
                    RegistryStatus(registry: StoreSample.registry, obstacle: obstacle)
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
}
