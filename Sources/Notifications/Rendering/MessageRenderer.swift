internal import Domain
internal import JSON

/// Words news and packs it into messages that every chat accepts.
package struct MessageRenderer: Sendable {
    /// What Hubot's web server accepts by default: Express' `100kb`, of which a part is left for what the format adds.
    package static let largestMessage = 90_000
    /// A section is never divided once it is written down, so that it must fit even where a chat's limit is smaller.
    package static let largestSection = 24_000

    /// Words with the default limits.
    package init() {}

    /// The messages that tell `change` in `room`: one for each vulnerability in many images, and the rest in as few as possible.
    package func drafts(room: String, _ change: [NotificationContent]) -> [MessageDraft] {
        var drafts: [MessageDraft] = []
        for piece in change where piece.standsAlone { drafts += packed(sections(of: piece), room) }
        return drafts + packed(change.filter { !$0.standsAlone }.flatMap(sections), room)
    }

    /// The whole text, and the data in pieces none of which is larger than a section may be, unless it is about a single
    /// finding: what is read once may be long to tell to a program.
    private func sections(of change: NotificationContent) -> [MessageSection] {
        let text = MessageSection(text: MessageText(change).text, event: "")
        var sections = events(of: change, space: Self.largestSection - text.bytes).map {
            MessageSection(text: "", event: $0)
        }
        sections[0].text = text.text
        return sections
    }

    /// `space` is what the text leaves to the first.
    private func events(of change: NotificationContent, space: Int = largestSection) -> [String] {
        let event = MessagePayload(change: change).json
        let bytes = MessageSection(text: "", event: event).bytes
        guard bytes > space, let (first, second) = change.halves else { return [event] }
        return events(of: first, space: space) + events(of: second)
    }

    private func packed(_ sections: [MessageSection], _ room: String) -> [MessageDraft] {
        var drafts: [MessageDraft] = []
        var bytes = 0
        for section in sections {
            bytes += section.bytes
            if drafts.isEmpty || bytes > Self.largestMessage {
                drafts.append(MessageDraft(room: room, sections: []))
                bytes = section.bytes
            }
            drafts[drafts.count - 1].sections.append(section)
        }
        return drafts
    }
}

extension NotificationContent {
    /// Whether it is a message of its own.
    fileprivate var standsAlone: Bool {
        switch self {
        case .images, .bulkChange, .access: false
        case .baseline, .gap, .scope, .suppression, .vulnerabilities: true
        }
    }
}

extension MessageSection {
    /// What it adds to a message, where every quote and line end is escaped.
    fileprivate var bytes: Int { (text.utf8.count + event.utf8.count) * 11 / 10 + 16 }
}
