internal import Domain
internal import JSON

/// Renders notifications and packs them into messages that every chat accepts.
package struct MessageRenderer: Sendable {
    /// In bytes: Hubot's web server accepts Express' default of `100kb`, and the chat format needs a part of it.
    package static let largestMessage = 90_000
    /// In bytes: a stored section is never divided, so it must fit even if the chat's limit is smaller.
    package static let largestSection = 24_000

    /// Renders with the limits above.
    package init() {}

    /// The messages of notifications in `room`.
    ///
    /// Changes of images and of access share as few messages as possible; every other notification has messages of its
    /// own.
    package func drafts(room: String, _ change: [NotificationContent]) -> [MessageDraft] {
        var drafts: [MessageDraft] = []
        for piece in change where piece.standsAlone { drafts += packed(sections(of: piece), room) }
        return drafts + packed(change.filter { !$0.standsAlone }.flatMap(sections), room)
    }

    /// One text and the payload, divided so that no section exceeds `largestSection`.
    ///
    /// A payload about a single finding is not divided, whatever its size. The text is in the first section only.
    private func sections(of change: NotificationContent) -> [MessageSection] {
        let text = MessageSection(text: MessageText(change).text, event: "")
        var sections = events(of: change, space: Self.largestSection - text.bytes).map {
            MessageSection(text: "", event: $0)
        }
        sections[0].text = text.text
        return sections
    }

    /// The payloads; `space` is the number of bytes that the text leaves for the first one.
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
    /// Whether it does not share a message with other notifications.
    fileprivate var standsAlone: Bool {
        switch self {
        case .images, .bulkChange, .access: false
        case .baseline, .gap, .scope, .suppression, .vulnerabilities: true
        }
    }
}

extension MessageSection {
    /// An estimate of the bytes that it adds to a message, with room for escaped quotes and line ends.
    fileprivate var bytes: Int { (text.utf8.count + event.utf8.count) * 11 / 10 + 16 }
}
