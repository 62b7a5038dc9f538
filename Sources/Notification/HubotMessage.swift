internal import Cryptography
package import Domain
internal import JSON

/// One message to Hubot: what the seed sends, `{"room","message"}`, and the same facts as data in `event`.
package struct HubotMessage: Hashable, Sendable {
    /// What Hubot's web server accepts by default: Express' `100kb`, of which some is left for headers' sake.
    package static let maximumBytes = 100_000

    package let room: String
    package let text: String
    /// The JSON document to post.
    package let body: [UInt8]
    /// The same for the same content, whoever builds it and whenever: a receiver can tell a repetition by it.
    package let idempotencyKey: String

    /// Builds the message that tells `news` in `room`, however long it becomes.
    package init(_ news: News, room: String) {
        self.room = room
        let text = NewsText(news).text
        self.text = text
        var json = JSONWriter()
        json.object { json in
            json.member("room", room)
            json.member("message", text)
            json.key("event")
            NewsEvent(news: news).write(to: &json)
        }
        body = json.drain()
        idempotencyKey = Hexadecimal.encode(SHA256.hash(body))
    }

    /// Builds the messages that tell `news`, none longer than `limit` bytes unless it is about a single finding.
    package static func messages(for news: News, room: String, limit: Int = maximumBytes) -> [HubotMessage] {
        let whole = HubotMessage(news, room: room)
        guard whole.body.count > limit, let (first, second) = news.halves else { return [whole] }
        return messages(for: first, room: room, limit: limit) + messages(for: second, room: room, limit: limit)
    }
}
