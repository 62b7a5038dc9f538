package import Domain
package import Notifications
package import Support

extension Settings {
    /// Which changes are announced, where, and when.
    package struct Notifications: Sendable {
        /// Nil when no chat is configured; no message is delivered then.
        package var chat: Chat?
        /// The lowest severity that is announced; findings below it are only in the report.
        package var severity: Severity
        /// Chooses the chat rooms for the messages about an image.
        package var routes: Routes
        /// Rules by which findings are not announced, each with its reason and its last day.
        package var suppressions: Suppressions
        /// How long changes are gathered while a sweep runs, so that one vulnerability becomes one message.
        package var window: Duration
        /// The quiet hours, in which nothing is sent, and the time of the daily digest; both in UTC.
        package var muteSchedule: MuteSchedule

        /// Takes values that are already checked.
        package init(
            chat: Chat?,
            severity: Severity,
            routes: Routes,
            suppressions: Suppressions,
            window: Duration,
            muteSchedule: MuteSchedule
        ) {
            self.chat = chat
            self.severity = severity
            self.routes = routes
            self.suppressions = suppressions
            self.window = window
            self.muteSchedule = muteSchedule
        }
    }

    /// Where messages are posted.
    package struct Chat: Sendable {
        /// The form of a message's body: Hubot's, Slack's, or plain JSON.
        package var format: ChatFormat
        /// The URL for every room that `roomURLs` does not name.
        package var url: String
        /// URLs by room, for rooms that have their own, such as a Slack webhook for each channel.
        package var roomURLs: [String: String]
        /// Sent as a bearer token with each message; nil when none is configured.
        package var token: Secret?

        /// Takes values that are already checked.
        package init(format: ChatFormat, url: String, roomURLs: [String: String], token: Secret?) {
            self.format = format
            self.url = url
            self.roomURLs = roomURLs
            self.token = token
        }
    }
}
