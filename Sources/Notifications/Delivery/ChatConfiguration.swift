package import Support

/// Where the chat listens and how patient to be; its descriptions never show the token or an address, which for Slack is a
/// secret.
package struct ChatConfiguration: Sendable, CustomStringConvertible, CustomReflectable {
    package var format: ChatFormat
    package var url: String
    /// Addresses of rooms that have one of their own.
    package var roomURLs: [String: String] = [:]
    /// Sent as a bearer token where it is set.
    package var token: String?
    /// Between attempts at the same message.
    package var backoff = Backoff(base: .seconds(1), cap: .seconds(60))
    /// A longer `Retry-After` is cut to this.
    package var longestWait: Duration = .seconds(900)
    /// How long the chat may take to answer.
    package var timeout: Duration = .seconds(10)
    /// After so many refusals for its content the next message of the room is tried: where that is accepted, and this one still
    /// refused, it is set aside, so that those behind it are heard.
    package var refusalsUntilDoubted = 3
    /// A message that is refused so long is set aside though no other was accepted.
    package var longestRefusal: Duration = .seconds(6 * 3600)

    /// Names the URL to post to.
    package init(format: ChatFormat = .hubot, url: String, token: String? = nil) {
        self.format = format
        self.url = url
        self.token = token
    }

    package var description: String { "a chat that reads \(format.rawValue)" }

    package var customMirror: Mirror { Mirror(self, children: ["format": format.rawValue]) }
}
