internal import HTTPTransport
package import Retry

/// An answer of Hubot's that is not a 2xx: the message was not sent.
package struct HubotError: Error, Hashable, Sendable {
    package var status: Int
    /// What the answer asks to wait for; nil where it asks nothing, or names a date.
    package var retryAfter: Duration?

    init(_ response: HTTPResponse) {
        status = response.status
        retryAfter = response.header("Retry-After").flatMap { Int($0) }.flatMap { $0 >= 0 ? .seconds($0) : nil }
    }
}

extension HubotError: Classified {
    package var disposition: Disposition {
        if status == 429 || retryAfter != nil && status >= 500 { return .throttled(retryAfter: retryAfter) }
        return status >= 500 || status == 408 ? .serverFault : .permanent
    }
}

extension HubotError: CustomStringConvertible {
    package var description: String {
        let advice =
            switch status {
            case 401, 403: "check SCANFLEET_HUBOT_TOKEN"
            case 404: "check that SCANFLEET_HUBOT_URL names the path that the Hubot script listens on"
            case 413: "raise EXPRESS_LIMIT at Hubot"
            default: "see Hubot's log"
            }
        return "Hubot answered \(status), so that the message does not count as sent: \(advice)"
    }
}
