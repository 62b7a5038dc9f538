package import Retry

/// Where Hubot listens and how patient to be; its descriptions never show the token.
package struct HubotConfiguration: Sendable, CustomStringConvertible, CustomReflectable {
    package var url: String
    package var room: String
    /// Sent as a bearer token where it is set.
    package var token: String?
    /// Attempts within one delivery; the aggregator comes back later after the last.
    package var attempts = 3
    package var backoff = Backoff(base: .milliseconds(500), cap: .seconds(10))
    /// A longer `Retry-After` is cut to this within one delivery.
    package var longestWait: Duration = .seconds(60)

    /// Names the URL to post to and the room to speak in.
    package init(url: String, room: String, token: String? = nil) {
        self.url = url
        self.room = room
        self.token = token
    }

    package var description: String { "Hubot, room \(room)" }

    package var customMirror: Mirror { Mirror(self, children: ["room": room]) }
}
