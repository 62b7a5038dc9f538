/// A piece of a message that is never divided: what a person reads, and the same facts as a JSON object.
package struct MessageSection: Hashable, Sendable {
    package var text: String
    package var event: String

    /// Pairs a text with its facts.
    package init(text: String, event: String) {
        self.text = text
        self.event = event
    }
}

/// What is to be said in one room, not written down yet.
package struct MessageDraft: Hashable, Sendable {
    package var room: String
    package var sections: [MessageSection]

    /// Says these sections in `room`.
    package init(room: String, sections: [MessageSection]) {
        self.room = room
        self.sections = sections
    }
}

/// A message that is written down and not delivered yet; it leaves the outbox only after the chat accepted it.
package struct OutboxMessage: Hashable, Sendable {
    /// Greater than that of every message before it, and the idempotency key that a receiver knows a repetition by.
    package var id: String
    /// When it was written down, in seconds since 1970.
    package var at: Double
    package var room: String
    package var sections: [MessageSection]

    /// Describes a message as it is stored.
    package init(id: String, at: Double, room: String, sections: [MessageSection]) {
        self.id = id
        self.at = at
        self.room = room
        self.sections = sections
    }

    /// The same in two messages that follow each other in the order of ids; nil where there is but one section.
    package var halves: (OutboxMessage, OutboxMessage)? {
        guard sections.count > 1 else { return nil }
        var (first, second) = (self, self)
        first.id += ".0"
        second.id += ".1"
        first.sections = Array(sections[..<(sections.count / 2)])
        second.sections = Array(sections[(sections.count / 2)...])
        return (first, second)
    }
}

/// What is known of a message without reading it.
package struct OutboxEntry: Hashable, Sendable {
    package var id: String
    package var at: Double
    package var room: String

    /// Names a message.
    package init(id: String, at: Double, room: String) {
        self.id = id
        self.at = at
        self.room = room
    }
}
