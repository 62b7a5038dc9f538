package import Support

/// Address, format, token and retry limits of the chat.
///
/// Its descriptions never show the token or an address: a Slack webhook address is a secret.
package struct ChatConfiguration: Sendable, CustomStringConvertible, CustomReflectable {
    /// The body that is posted: Hubot, Slack or generic webhook.
    package var format: ChatFormat
    /// Address of every room that has none in `roomURLs`; it may hold a secret.
    package var url: String
    /// Addresses by room, for rooms with an address of their own.
    package var roomURLs: [String: String] = [:]
    /// Sent as a bearer token where it is set.
    package var token: String?
    /// Delays between attempts at the same message.
    package var backoff = Backoff(base: .seconds(1), cap: .seconds(60))
    /// The longest `Retry-After` that is honoured; a longer one is cut to this.
    package var longestWait: Duration = .seconds(900)
    /// How long the chat may take to answer.
    package var timeout: Duration = .seconds(10)
    /// After this many refusals for its content (`ChatError.isAboutContent`) the room's next message is tried.
    ///
    /// If that one succeeds and this one still fails, this one is moved to `refused` and no longer blocks the room.
    package var refusalsUntilDoubted = 3
    /// After this long a refused message is moved to `refused` even if no other message was accepted.
    package var longestRefusal: Duration = .seconds(6 * 3600)

    /// Names the URL to post to.
    package init(format: ChatFormat = .hubot, url: String, token: String? = nil) {
        self.format = format
        self.url = url
        self.token = token
    }

    /// Shows the format only, so that no address or token reaches a log.
    package var description: String { "a chat that reads \(format.rawValue)" }

    /// Children of a dump: the format only, because `dump` and logs would show secrets otherwise.
    package var customMirror: Mirror { Mirror(self, children: ["format": format.rawValue]) }
}
