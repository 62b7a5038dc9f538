internal import FoundationEssentials
internal import HTTPTransport
internal import Support

/// Reads the error of an answer other than 2xx, in JSON or XML.
struct AWSErrorReader {
    private struct Body: Decodable {
        var code: String?
        var message: String?
        var cancellationReasons: [CancellationReason]

        private enum CodingKeys: String, CodingKey {
            case type = "__type"
            case code
            case message
            case capitalizedMessage = "Message"
            case cancellationReasons = "CancellationReasons"
        }

        /// A member that is not text, such as a numeric `code`, counts as absent, so that the others are still read.
        init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: CodingKeys.self)
            let text = { (key: CodingKeys) in try? members.decode(String.self, forKey: key) }
            code = text(.type) ?? text(.code)
            message = text(.message) ?? text(.capitalizedMessage)
            cancellationReasons = (try? members.decode([CancellationReason].self, forKey: .cancellationReasons)) ?? []
        }
    }

    /// The error of `response`; an unreadable body becomes the code `UnreadableBody` with the status kept.
    ///
    /// `token` is removed from the message, since errors reach logs, the table and the report.
    static func error<O: AWSOperation>(
        _ response: HTTPResponse,
        of operation: O.Type,
        hiding token: Secret? = nil
    ) -> AWSServiceError {
        // A body that is not JSON is left to the other readers.
        let body = try? JSONDecoder().decode(Body.self, from: Data(response.body))
        let (code, message) =
            O.decodeError(response) ?? json(response, body) ?? xml(response)
            ?? ("UnreadableBody", "the answer's body names no error (\(response.body.count) bytes)")
        let named = AWSServiceError.Code(rawValue: code)
        var error = AWSServiceError(
            code: named,
            message: withoutQuotations(message, token),
            status: response.status,
            operation: O.name,
            requestID: response.header("x-amzn-requestid") ?? response.header("x-amz-request-id"),
            disposition: O.answerCodes.contains(named) ? .permanent : disposition(named, response)
        )
        error.cancellationReasons = body?.cancellationReasons ?? []
        return error
    }

    /// Removes the canonical request that AWS quotes for a bad signature, because it holds the session token.
    private static func withoutQuotations(_ message: String, _ token: Secret?) -> String {
        var text = message
        if let quotation = text.firstRange(of: "The Canonical String") {
            text = String(text[..<quotation.lowerBound].reversed().drop(while: \.isWhitespace).reversed())
        }
        // AWS' tokens are longer; a short text may occur in any word.
        guard let token, token.value.utf8.count >= 16 else { return text }
        return text.replacing(token.value, with: "\(token)")
    }

    /// The disposition by the code's meaning, or by the status where the table does not have the code.
    private static func disposition(_ code: AWSServiceError.Code, _ response: HTTPResponse) -> Disposition {
        if code.meaning.contains(.throttled) || response.status == 429 {
            return .throttled(retryAfter: retryAfter(response))
        }
        if !code.meaning.isDisjoint(with: [.timedOut, .expired]) { return .transient }
        return response.status >= 500 ? .serverFault : .permanent
    }

    /// `x-amz-retry-after` in milliseconds, else `Retry-After` in seconds; unusable values are ignored.
    static func retryAfter(_ response: HTTPResponse) -> Duration? {
        if let milliseconds = response.header("x-amz-retry-after").flatMap(Int.init), milliseconds >= 0 {
            return .milliseconds(min(milliseconds, 20_000))
        }
        if let seconds = response.header("retry-after").flatMap(Int.init), seconds >= 0 {
            return .seconds(min(seconds, 20))
        }
        return nil
    }

    private static func json(_ response: HTTPResponse, _ body: Body?) -> (String, String)? {
        guard let code = response.header("x-amzn-errortype") ?? body?.code else { return nil }
        return (code, body?.message ?? "no message")
    }

    private static func xml(_ response: HTTPResponse) -> (String, String)? {
        // A body that is not XML names no error: the caller falls back to `UnreadableBody`.
        guard let root = try? XMLElement(parsing: response.body) else { return nil }
        let error = root.name == "Error" ? root : root.first("Error") ?? root.first("Errors")?.first("Error")
        guard let error, let code = error.first("Code")?.text else { return nil }
        return (code, error.first("Message")?.text ?? "no message")
    }
}
