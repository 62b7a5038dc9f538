internal import HTTPTransport
internal import Support

/// Where an operation's request goes: the parts of an endpoint's URL.
struct RequestTarget: Sendable, Hashable {
    /// Scheme and authority.
    let base: String
    /// The authority without a default port, as in the `Host` header; clock skew is stored by it.
    let host: String
    /// The path that an overriding URL begins with.
    let pathPrefix: String
    let scope: SigV4Signer.Scope

    /// Splits a URL that `EndpointResolver` has validated.
    init(_ endpoint: EndpointResolver.Endpoint, service: AWSService) {
        let isPlain = endpoint.url.lowercased().hasPrefix("http://")
        let rest = endpoint.url.dropFirst(isPlain ? 7 : 8)
        let authority = rest.prefix { $0 != "/" }
        let port = isPlain ? ":80" : ":443"
        base = (isPlain ? "http://" : "https://") + authority
        host = authority.hasSuffix(port) ? String(authority.dropLast(port.count)) : String(authority)
        pathPrefix = String(rest.dropFirst(authority.count))
        scope = SigV4Signer.Scope(region: endpoint.signingRegion, service: service.signingName)
    }
}

extension HTTPRequest {
    /// The request of an operation that is not signed.
    init(_ request: AWSRequest, for target: RequestTarget) {
        self.init(request, for: target, headers: request.headers)
    }

    /// An operation's request, addressed, dated and signed.
    init(
        signing request: AWSRequest,
        for target: RequestTarget,
        credentials: Credentials,
        date: SigningDate,
        key: SigningKey
    ) {
        let subject = SigV4Signer.Subject(request, for: target, credentials, date)
        let signer = SigV4Signer(credentials: credentials, scope: target.scope)
        let authorization = signer.authorization(for: subject, date: date, key: key)
        self.init(request, for: target, headers: subject.headers + [("Authorization", authorization)])
    }

    private init(_ request: AWSRequest, for target: RequestTarget, headers: [(name: String, value: String)]) {
        let query = CanonicalRequest.query(request.query)
        self.init(
            method: request.method,
            url: target.base + target.pathPrefix + request.path + (query.isEmpty ? "" : "?" + query),
            headers: headers + request.unsignedHeaders,
            body: request.body
        )
    }
}

extension SigV4Signer.Subject {
    /// Names the parts of an operation's request that the signature covers.
    init(_ request: AWSRequest, for target: RequestTarget, _ credentials: Credentials, _ date: SigningDate) {
        let isS3 = target.scope.service == "s3"
        self.init(
            method: request.method,
            path: target.pathPrefix + request.path,
            style: isS3 ? .verbatim : .normalized,
            query: request.query,
            headers: request.headers + [("Host", target.host), ("X-Amz-Date", date.text)],
            payloadHash: SigV4Signer.hash(request.body)
        )
        if let token = credentials.sessionToken { headers.append(("X-Amz-Security-Token", token.value)) }
        if isS3 { headers.append(("X-Amz-Content-Sha256", payloadHash)) }
    }
}
