package import Domain
package import Notifications
package import Support

extension Settings {
    /// What is told, where, and when.
    package struct Notifications: Sendable {
        /// Nil where nothing is told.
        package var chat: Chat?
        /// The least severity that is told.
        package var severity: Severity
        /// Which room hears of which image.
        package var routes: Routes
        /// The rules for what is not announced.
        package var suppressions: Suppressions
        /// How long news of a sweep under way is gathered.
        package var window: Duration
        /// When nothing is announced, and when the daily digest is.
        package var muteSchedule: MuteSchedule

        /// Says what is told, where, and when.
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
        /// How the body of a message looks.
        package var format: ChatFormat
        /// The address for every room without one of its own.
        package var url: String
        /// Addresses of rooms that have one of their own.
        package var roomURLs: [String: String]
        /// Sent as a bearer token; nil where none is given.
        package var token: Secret?

        /// Names where messages are posted.
        package init(format: ChatFormat, url: String, roomURLs: [String: String], token: Secret?) {
            self.format = format
            self.url = url
            self.roomURLs = roomURLs
            self.token = token
        }
    }
}
