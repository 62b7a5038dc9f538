internal import HTTPTransport
package import Support

/// A response of the chat other than 2xx: the message does not count as delivered.
package struct ChatError: Error, Hashable, Sendable {
    /// HTTP status code of the response, never a 2xx.
    package var status: Int
    /// `Retry-After` of the response; nil where it is absent or a date.
    package var retryAfter: Duration?

    init(_ response: HTTPResponse) {
        status = response.status
        retryAfter = response.header("Retry-After").flatMap { Int($0) }.flatMap { $0 >= 0 ? .seconds($0) : nil }
    }

    /// Whether the chat refused this message's content (400, 413, 415, 422), so that another message may pass.
    package var isAboutContent: Bool { [400, 413, 415, 422].contains(status) }
}

extension ChatError: Classified {
    /// Throttled on 429, or on a 5xx with `Retry-After`; a server fault on other 5xx and on 408; otherwise permanent.
    package var disposition: Disposition {
        if status == 429 || retryAfter != nil && status >= 500 { return .throttled(retryAfter: retryAfter) }
        return status >= 500 || status == 408 ? .serverFault : .permanent
    }
}

extension ChatError: CustomStringConvertible {
    /// The status, and which setting to check.
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
