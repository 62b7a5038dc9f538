internal import HTTPTransport
package import Support

/// An answer of the chat's that is not a 2xx: the message was not sent.
package struct ChatError: Error, Hashable, Sendable {
    package var status: Int
    /// What the answer asks to wait for; nil where it asks nothing, or names a date.
    package var retryAfter: Duration?

    init(_ response: HTTPResponse) {
        status = response.status
        retryAfter = response.header("Retry-After").flatMap { Int($0) }.flatMap { $0 >= 0 ? .seconds($0) : nil }
    }

    /// Whether it is this message that was refused, and another one may pass.
    package var isAboutContent: Bool { [400, 413, 415, 422].contains(status) }
}

extension ChatError: Classified {
    package var disposition: Disposition {
        if status == 429 || retryAfter != nil && status >= 500 { return .throttled(retryAfter: retryAfter) }
        return status >= 500 || status == 408 ? .serverFault : .permanent
    }
}

extension ChatError: CustomStringConvertible {
    package var description: String {
        let advice =
            switch status {
            case 401, 403: "check SCANFLEET_HUBOT_TOKEN"
            case 404: "check that SCANFLEET_HUBOT_URL names the path that the chat listens on"
            case 413: "raise EXPRESS_LIMIT at Hubot"
            default: "see the chat's log"
            }
        return "the chat answered \(status), so that the message does not count as sent: \(advice)"
    }
}
