internal import JSON

/// The JSON body that a chat expects.
package enum ChatFormat: String, Hashable, Sendable, CaseIterable {
    /// `{"room","message","event"}`, as a Hubot script reads it.
    case hubot
    /// `{"text"}`, as Slack's incoming webhooks read it; the webhook itself decides on the channel.
    case slack
    /// `{"id","room","text","events"}`, for a receiver that the operator writes.
    case webhook

    /// The JSON document to post.
    package func body(of message: OutboxMessage) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            switch self {
            case .hubot:
                json.member("room", message.room)
                json.member("message", message.text)
                json.key("event")
                message.writeEvent(to: &json)
            case .slack:
                json.member("text", message.text)
            case .webhook:
                json.member("id", message.id)
                json.member("room", message.room)
                json.member("text", message.text)
                json.array("events", message.sections) { $0.encoded($1.event.utf8) }
            }
        }
        return json.drain()
    }
}

extension OutboxMessage {
    /// The text for people: all sections joined, or one fixed line where the message only continues the data of the one
    /// before.
    package var text: String {
        let texts = sections.map(\.text).filter { !$0.isEmpty }
        return texts.isEmpty ? "The message before, continued: data for programs." : texts.joined(separator: "\n\n")
    }

    /// Writes the event of a single section as it is, and the events of several sections as a list.
    fileprivate func writeEvent(to json: inout JSONWriter) {
        if sections.count == 1 { return json.encoded(sections[0].event.utf8) }
        json.object { json in
            json.member("kind", "several")
            json.array("events", sections) { $0.encoded($1.event.utf8) }
        }
    }
}
