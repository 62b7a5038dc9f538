internal import HTTPTransport
internal import Synchronization

/// The parts that all calls of one operation share, worked out once: target, retry terms and most of the signature.
final class PreparedOperation: Sendable {
    let name: String
    /// The service's id in lower case, as metrics have it.
    let serviceName: String
    let isSigned: Bool
    let isIdempotent: Bool
    let target: RequestTarget
    let terms: RetryTerms
    let budget: SharedBudget
    private let constantHeaders: [(name: String, value: String)]
    private let userAgent: String
    private let state = Mutex(State())

    private struct State {
        var keys = SigningKeys()
        var template: SigningTemplate?
    }

    init<O: AWSOperation>(
        _ operation: O.Type,
        target: RequestTarget,
        terms: RetryTerms,
        budget: SharedBudget,
        userAgent: String
    ) {
        name = O.name
        serviceName = O.service.id.lowercased()
        isSigned = O.isSigned
        isIdempotent = O.isIdempotent
        constantHeaders = O.constantHeaders
        self.target = target
        self.terms = terms
        self.budget = budget
        self.userAgent = userAgent
    }

    /// The request as it is sent; `time` is the host's, in seconds since 1970, and no credentials leave it unsigned.
    func sign(_ request: AWSRequest, with credentials: Credentials?, at time: Double) -> HTTPRequest {
        var sent = signed(request, credentials, time)
        sent.isRepeatable = isIdempotent
        sent.acceptsGzip = request.acceptsGzip
        return sent
    }

    private func signed(_ request: AWSRequest, _ credentials: Credentials?, _ time: Double) -> HTTPRequest {
        guard let credentials else { return HTTPRequest(whole(request), for: target) }
        let date = SigningDate(seconds: time)
        return state.withLock { state in
            if let template = state.template, template.covers(request, credentials, date) {
                return template.request(request.body, date)
            }
            let key = state.keys.key(secret: credentials.secretAccessKey, scope: target.scope, day: date.day)
            let whole = whole(request)
            if SigningTemplate.canCover(request, target) {
                state.template = SigningTemplate(whole, for: target, credentials, date, key)
            }
            return HTTPRequest(signing: whole, for: target, credentials: credentials, date: date, key: key)
        }
    }

    /// The request with the headers that are not its own.
    private func whole(_ request: AWSRequest) -> AWSRequest {
        var whole = request
        whole.headers = constantHeaders + request.headers
        whole.unsignedHeaders = [("User-Agent", userAgent)]
        return whole
    }
}
