import AWSServices
import ChangeFeed
import Domain
import StoreTestSupport
import TestSupport
import Testing

@testable import FindingStore
@testable import Notifications

@Suite struct AnnouncedKeyTests {
    let place = StoreSample.place("abc")

    @Test func `The layout is what other programs may rely on`() {
        #expect(Key.announced(place) == Key(partition: "announced/111122223333/eu-west-1", sort: "team/app@sha256:abc"))
        #expect(Key.marker(StoreSample.registry.account) == Key(partition: "announced", sort: "111122223333"))
    }

    @Test func `What was announced of an image is not taken for the image`() {
        #expect(Key.announced(place).announcedPlace == place)
        #expect(Key.announced(place).imagePlace == nil)
        #expect(Key.marker(place.repository.registry.account).imagePlace == nil)
        #expect(Key.image(place).announcedPlace == nil)
    }
}

@Suite struct ResendTests {
    @Test func `A resend that is repeated is known by its name, and another has another`() async throws {
        let aws = ScriptedDynamoDB()
        let message = OutboxMessage(id: "1", at: 0, room: "r", sections: [MessageSection(text: "t", event: "{}")])
        for _ in 0..<2 {
            aws.refuse("TransactWriteItems", "InternalServerError", status: 500)
            aws.answer("TransactWriteItems", "{}")
            #expect(try await aws.store().resend(message))
        }
        let names = aws.calls("TransactWriteItems").compactMap { body in
            body.split(separator: "ClientRequestToken\":\"").last?.split(separator: "\"").first
        }
        try #require(names.count == 4)
        #expect(names[0] == names[1] && names[1] != names[2] && names[2] == names[3])
        #expect(names.allSatisfy { (1...36).contains($0.count) && !$0.contains("{") })
    }
}

@Suite(.requiresMotoServer, .timeLimit(.minutes(1))) struct StreamAndNewsTests {
    @Test func `The stream tells of images and of nothing else`() async throws {
        try await LiveStore.with { store in
            let stream = ChangeStream(store: store)
            await stream.resume(from: nil)
            #expect(try await stream.next().images.isEmpty)
            let large = StoreSample.image("large", StoreSample.incompressible(12_000))
            _ = try await store.put(large, over: nil, token: 1)
            _ = try await store.put(StoreSample.image("small"), over: nil, token: 1)
            try await store.record([Vulnerability(id: "CVE-1", severity: .low)])
            try await store.put(RegistryStatus(registry: StoreSample.registry))
            let fenced = FencedStore(store, fence: 1)
            try await fenced.lead()
            try await fenced.announce([AnnouncedImage(StoredImage(status: large, fingerprint: "f", token: 1))])
            let round = try await stream.next()
            #expect(Set(round.images) == [StoreSample.place("large"), StoreSample.place("small")])
            #expect(round.records > 4)
            try await fenced.put(round.checkpoint)
            let small = try #require(
                try await store.images(at: [StoreSample.place("small")])[StoreSample.place("small")]
            )
            _ = try await store.remove(small, token: 1)
            let restarted = ChangeStream(store: store)
            await restarted.resume(from: try await store.checkpoint())
            let rest = try await restarted.next()
            #expect(rest.images == [StoreSample.place("small")])
            #expect(rest.gap == nil)
            #expect(try await restarted.next().isCaughtUp)
        }
    }
}
