import Domain
import FindingStore
import Notifications
import TestSupport
import Testing

/// `scanfleet messages` as an operator uses it.
@Suite(.requires("redis-server"), .timeLimit(.minutes(30))) struct MessagesTests {
    @Test func `Refused messages are listed, and resent into the outbox under their keys`() async throws {
        try await Fleet.simulated(["--accounts", "1"]) { fleet in
            #expect(try await fleet.run("init").status == 0)
            let fenced = FencedStore(try fleet.store, fence: 1)
            try await fenced.lead()
            let drafts = ["first\nmore", "second"].map {
                MessageDraft(room: "security", sections: [MessageSection(text: $0, event: "{}")])
            }
            let messages = try await fenced.post(OutboxBatch(drafts: drafts))
            for message in messages { try await fenced.settle(message, as: .refused) }

            let listed = try await fleet.run("messages", "list")
            #expect(listed.status == 0, "\(listed.errors)")
            let lines = listed.output.split(separator: "\n").map(String.init)
            #expect(lines.count == 2)
            #expect(lines.first?.hasPrefix(messages[0].id) == true)
            #expect(lines.first?.hasSuffix("security  first") == true)
            #expect(try await fleet.run("messages", "list", "--whole").output.contains("\n  more\n"))

            let one = try await fleet.run("messages", "resend", messages[1].id, "nothing")
            #expect(one.status == 1)
            #expect(one.output == "resent 1 of 2\n")
            let rest = try await fleet.run("messages", "resend", "--all")
            #expect(rest.status == 0)
            #expect(rest.output == "resent 1 of 1\n")
            #expect(try await fenced.pending().map(\.id) == messages.map(\.id))
            #expect(try await fleet.run("messages", "list").output == "")
            #expect(try await fleet.run("messages", "resend").status == 64)
        }
    }
}
