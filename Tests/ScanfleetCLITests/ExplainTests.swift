import Domain
import FindingStore
import FleetRoles
import Notifications
import Testing

@testable import ScanfleetCLI

@Suite struct ExplainTests {
    private static let place = ImageReference(
        repository: RepositoryReference(
            registry: Registry(account: AccountID(rawValue: "111122223333"), region: RegionName(rawValue: "eu-west-1")),
            name: RepositoryName(rawValue: "team/app")
        ),
        digest: ImageDigest(rawValue: "sha256:a")
    )
    private static let key = MessageIndex.Key(place: place, vulnerability: "CVE-1")

    private static func message(_ id: String, _ change: String) -> OutboxMessage {
        let event = """
            {"account":"111122223333","region":"eu-west-1","repository":"team/app","images":[{"digest":"sha256:a",\
            "tags":[],"changes":[{"id":"CVE-1","change":"\(change)"}]}]}
            """
        return OutboxMessage(id: id, at: 5, room: "r", sections: [MessageSection(text: "t", event: event)])
    }

    @Test func `The last word is the last message's, wherever it lies`() throws {
        var memory = MessageIndex()
        try memory.add(Self.message("3", "resolved"), on: .outbox, settledAt: nil)
        try memory.add(Self.message("1", "opened"), on: .sent, settledAt: 9)
        try memory.add(Self.message("2", "severity_changed"), on: .refused, settledAt: 9)
        #expect(memory.messages[Self.key] == .waits("3", room: "r", since: 5))
        #expect(memory.announced[Self.key]?.what == "resolved")
        try memory.add(Self.message("3", "resolved"), on: .sent, settledAt: 10)
        #expect(
            memory.messages[Self.key] == .announced("3", room: "r", at: 10),
            "it was delivered while shelves were read"
        )
    }

    @Test func `Where no message is kept, nobody claims to know when something came`() {
        let rule = Suppression(scope: Suppression.Scope(), reason: "why", expires: 0)
        for silence in [Explanation.wasSuppressed(rule, until: 0), .wasBelowSeverity(.critical, until: 0)] {
            #expect(
                silence.text.hasPrefix("announced in the account's first summary, or more than 30 days ago, unless it")
            )
            #expect(silence.text.contains("unless it came before 1970-01-01T00:00:00Z"))
        }
    }
}
