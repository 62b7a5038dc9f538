/// A part of a message that is never divided: a text for people and the same facts as a JSON object.
package struct MessageSection: Hashable, Sendable {
    /// Text for people; empty in a section that only continues the data of the one before.
    package var text: String
    /// The facts as one encoded JSON object.
    package var event: String

    /// Pairs a text with its JSON.
    package init(text: String, event: String) {
        self.text = text
        self.event = event
    }
}

/// A message for one room that is not stored yet, and so has no id and time.
package struct MessageDraft: Hashable, Sendable {
    /// The chat's name of the room.
    package var room: String
    /// At least one section, in the order of the text.
    package var sections: [MessageSection]

    /// Drafts a message of these sections for `room`.
    package init(room: String, sections: [MessageSection]) {
        self.room = room
        self.sections = sections
    }
}

/// A stored message; it leaves the outbox only after the chat accepted it or refused it for good.
package struct OutboxMessage: Hashable, Sendable {
    /// Greater than the id of every earlier message; it is also the idempotency key by which a receiver recognises a
    /// repetition.
    package var id: String
    /// When it was written into the outbox, in seconds since 1970.
    package var at: Double
    /// The chat's name of the room.
    package var room: String
    /// At least one section, in the order of the text.
    package var sections: [MessageSection]

    /// Describes a message as it is stored.
    package init(id: String, at: Double, room: String, sections: [MessageSection]) {
        self.id = id
        self.at = at
        self.room = room
        self.sections = sections
    }

    /// The message divided into two that follow each other in the order of ids; nil where it has only one section.
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

/// The header of an undelivered message, read without its sections.
package struct OutboxEntry: Hashable, Sendable {
    /// The message's id; entries of a room are delivered in its order.
    package var id: String
    /// When the message was written into the outbox, in seconds since 1970.
    package var at: Double
    /// The room whose queue holds the message.
    package var room: String

    /// Names a message.
    package init(id: String, at: Double, room: String) {
        self.id = id
        self.at = at
        self.room = room
    }
}
